import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patientHash } from '../evidence/datasets/patient-hash.js';
import { storedImageHashes } from '../evidence/datasets/picture-hashes.js';
import { TRAINING_MANIFEST_FILE, trainingManifestText, type TrainingEntry } from '../evidence/datasets/training-manifest.js';
import type { ManifestReference, ModelCard } from '../inference/model-card.js';
import { readCard } from '../inference/read-card.js';
import type { LabelledImage } from './datasets/labelled-image.js';
import { DatasetBroken, ModelNotThere } from './faults.js';
import type { TrainingData } from './train-model.js';
import type { TrainingConfig } from './training-config.js';

/** The manifest of what a model was made from: every picture of training and of validation, as hashes. */
export function madeFrom({ name, version, data: source, card }: TrainingConfig, data: TrainingData, modelSha256: string): string {
  const { dataset, citation, licence } = card.training;
  const entries = [...data.train.map(entryOf('train')), ...data.val.map(entryOf('tune'))];
  const patternOf = 'patientID' in source ? source.patientID : undefined;
  const patientIdentity = entries.every((one) => one.patientHash === '')
    ? 'none: the data do not tell patients'
    : patternOf === undefined
      ? 'the patient as the data set names it, without an issuer'
      : `what of the picture's file name matches ${patternOf}, without an issuer`;
  return trainingManifestText({ model: name, version, modelSha256, dataset, citation, licence, patientIdentity }, entries);
}

const entryOf =
  (part: TrainingEntry['part']) =>
  ({ image, patientID = '' }: LabelledImage): TrainingEntry => ({
    part,
    ...storedImageHashes(image),
    patientHash: patientID === '' ? '' : patientHash('', patientID),
  });

/** How a card names a manifest. */
export const manifestReference = (text: string): ManifestReference => ({
  file: TRAINING_MANIFEST_FILE,
  sha256: createHash('sha256').update(text).digest('hex'),
  entries: text.split('\n').length - 2, // its head, and what is behind the last line feed
});

/** Writes NAME/VERSION/training-manifest.ndjson. */
export function writeManifest(folder: string, { name, version }: Pick<ModelCard, 'name' | 'version'>, text: string): void {
  const target = join(folder, name, version);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, TRAINING_MANIFEST_FILE), text);
}

/**
 * Writes the manifest of a model that lies there already, and its name into the card, of which nothing else changes.
 * @throws ModelNotThere  there is none of this version; DatasetBroken  its card was written of other data than these
 */
export function addManifest(folder: string, config: TrainingConfig, data: TrainingData): ManifestReference {
  const path = join(folder, config.name, 'card.json');
  if (!existsSync(path)) throw new ModelNotThere();
  const before = readFileSync(path, 'utf8');
  const { version, sha256, training } = readCard(before);
  if (version !== config.version) throw new ModelNotThere();
  if (training.cases !== data.train.length) throw new DatasetBroken('The card tells of another number of training pictures than are here.');
  const text = madeFrom(config, data, sha256);
  const manifest = manifestReference(text);
  const card = JSON.parse(before) as ModelCard; // in its own order
  const after = `${JSON.stringify({ ...card, training: { ...card.training, manifest } }, null, 2)}\n`;
  readCard(after);
  writeManifest(folder, config, text);
  writeFileSync(path, after);
  return manifest;
}
