import { createHash } from 'node:crypto';
import { canonicalSha256 } from '../signing/canonical.js';
import { softwareIdentity } from '../software.js';
import type { ModelCard } from './model-card.js';
import type { ImageReading } from './reading.js';
import type { LoadedModel } from './registry.js';

/** Who decided: a model with its card; or none, where the server has none. */
export type DecidingModel = Pick<LoadedModel, 'card' | 'sha256' | 'cardSha256'> | { readonly name: string; readonly version: string };

/** What was decided, and from what. */
export interface Decision {
  readonly model: DecidingModel;
  /** SHA-256 of each stored file, hex, in the order in which it was taken; empty where none was looked at. */
  readonly files: readonly string[];
  /** Where the image was read. */
  readonly reading?: ImageReading | undefined;
}

/**
 * An AI decision as its record in the ledger holds it, for ordinary readings and those of studies alike: the hashes of what went in, of the
 * model, its card and the software, and of what was read the provider, the preparation, the thresholds and what came out. No pixels, maps or
 * words: of what is large the SHA-256.
 * @param outputs  `whole`, or only their digest, where nobody may know them yet
 */
export function decisionRecord({ model, files, reading }: Decision, outputs: 'whole' | 'digest' = 'whole'): Record<string, unknown> {
  const by = 'card' in model ? namesOf(model) : { name: model.name, version: model.version };
  const read = reading && 'card' in model ? readWith(model.card, reading, outputs) : {};
  return { model: by, software: softwareIdentity(), ...inputOf(files, reading), ...read };
}

const namesOf = ({ card, sha256, cardSha256 }: Pick<LoadedModel, 'card' | 'sha256' | 'cardSha256'>) => ({
  name: card.name,
  version: card.version,
  sha256,
  cardSha256,
});

/** One file by its hash; of many their number, and the hash of their hashes, a line each. */
function inputOf(files: readonly string[], reading: ImageReading | undefined) {
  if (files.length === 0) return {};
  const stored =
    files.length === 1 ? { fileSha256: files[0] } : { files: files.length, filesSha256: sha256Of(files.map((one) => `${one}\n`).join('')) };
  const given = reading && {
    frame: reading.frameNumber,
    ...(reading.stack && { slices: reading.stack.slices }),
    ...(reading.inputSha256 !== undefined && { tensorSha256: reading.inputSha256 }),
  };
  return { input: { ...stored, ...given } };
}

function readWith(card: ModelCard, reading: ImageReading, outputs: 'whole' | 'digest') {
  const parameters = preparationOf(card);
  const raw = rawOutputs(reading);
  return {
    provider: reading.provider,
    preparation: { sha256: canonicalSha256(parameters), parameters },
    thresholds: thresholdsOf(card),
    ...(outputs === 'whole' && { outputs: raw }),
    outputsSha256: canonicalSha256(raw),
  };
}

/** How the card has images made the model's input: one of three ways (ModelInput). */
function preparationOf({ input: { volume, sequences, clip }, preparation }: ModelCard): object {
  if (volume !== undefined) return { volume, ...(sequences && { sequences }) };
  return clip === undefined ? preparation : { clip };
}

/** Everything of the card that turns numbers into a call. */
const thresholdsOf = ({ classes, uncertainty, inputDistanceLimit }: ModelCard) => ({
  classes: classes.map(({ code: { code }, operatingThreshold, referralThreshold }) => ({
    code,
    operating: operatingThreshold,
    referral: referralThreshold,
  })),
  ...(uncertainty && { doubt: uncertainty.referral, predictionSet: uncertainty.predictionSets.threshold }),
  ...(inputDistanceLimit !== undefined && { inputDistance: inputDistanceLimit }),
});

/** What the model gave and what follows from it, without when and how long: the same image gives the same text. */
export function rawOutputs({ logits, quality, attentionMap: map, clinicalInsights, ...reading }: ImageReading): object {
  return {
    logits,
    probabilities: reading.probabilities ?? null,
    confidence: reading.confidence ?? null,
    uncertainty: reading.uncertainty ?? null,
    predictiveEntropy: reading.predictiveEntropy ?? null,
    inputDistance: quality.inputDistance ?? null,
    referral: reading.referral ? { ...reading.referral } : null,
    predictionSet: reading.predictionSet ?? null,
    prediction: reading.prediction ?? null,
    clinicalInsightsSha256: clinicalInsights ? canonicalSha256([...clinicalInsights]) : null,
    attentionMap: map ? { rows: map.rows, columns: map.columns, sha256: sha256Of(mapBytes(map.values)) } : null,
    quality: quality.score,
  };
}

/** float32 little endian, as every platform we run on holds it. */
const mapBytes = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
