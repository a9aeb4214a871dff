/** @jest-environment <rootDir>/onnx.environment.js */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { firstText, tag } from '../../src/dicom/dicom-json.js';
import { writePart10 } from '../../src/dicom/part10-writer.js';
import { loadModels } from '../../src/inference/registry.js';
import { greyImage } from '../../src/training/datasets/grey-image.js';
import { bytesOf, corpus, mustBeStored, onCorpus, read } from '../dicom/corpus.js';
import { idle } from './phantoms.js';
import { readingsOf, type Reading } from './readings-of.js';
import { BUNDLED, Wetread } from './wetread.js';

const DATA = new URL('../../../../shared/data/', import.meta.url);
const { loaded } = await loadModels(BUNDLED);
const named = (name: string) => loaded.find(({ card }) => card.name === name);

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ MODELS: BUNDLED });
});
afterAll(() => wetread.remove());

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
let uid = 0;

/** A picture of a shared set as its hospital might have sent it: a Secondary Capture with modality and body part. */
async function captured(
  file: Buffer,
  modality: string,
  bodyPart: string,
): Promise<{ bytes: Buffer; study: string; sopInstanceUID: string }> {
  const { rows, columns, samples } = await greyImage(file);
  const [study, sopInstanceUID] = [`2.25.77${uid++}`, `2.25.78${uid}`];
  const of = (vr: string, value: string | number) => ({ vr, Value: [value] });
  const dataset = {
    '00080016': of('UI', SECONDARY_CAPTURE),
    '00080018': of('UI', sopInstanceUID),
    '00080060': of('CS', modality),
    '00100020': of('LO', `P${uid}`),
    '00180015': of('CS', bodyPart),
    '0020000D': of('UI', study),
    '0020000E': of('UI', `2.25.79${uid}`),
    '00280002': of('US', 1),
    '00280004': of('CS', 'MONOCHROME2'),
    '00280010': of('US', rows),
    '00280011': of('US', columns),
    '00280100': of('US', 8),
    '00280101': of('US', 8),
    '00280102': of('US', 7),
    '00280103': of('US', 0),
  };
  return {
    bytes: writePart10(dataset, { pixelData: Buffer.from(samples.buffer, samples.byteOffset, samples.length) }),
    study,
    sopInstanceUID,
  };
}

const originals = (set: string) =>
  readdirSync(new URL(`${set}/`, DATA))
    .filter((name) => /\.(png|jpe?g|dcm)$/.test(name))
    .filter((_, i, all) => i % Math.ceil(all.length / 4) === 0) // from all of the set: its files lie by class
    .map((name) => readFileSync(new URL(`${set}/${name}`, DATA)));

/** What each model made of an instance, by the model's name; models come in the order of their names. */
const byModel = (readings: readonly Reading[]): Record<string, string> =>
  Object.fromEntries(readings.map(({ model, state, reasonCode }) => [model?.name ?? 'none', reasonCode ?? state]));

describe('Pictures of every kind reach the models that are made for them', () => {
  onCorpus.each([
    ['chest-xray/originals', 'CR', 'CHEST', 'chest-pneumonia'],
    ['breast-ultrasound/originals', 'US', 'BREAST', 'breast-ultrasound'],
    ['brain-mri-tumor/originals', 'MR', 'BRAIN', 'brain-mri-tumor'],
    ['lung-ct/originals', 'CT', 'CHEST', 'none'],
  ] as const)('%s, as %s of the %s, by %s alone', async (set, modality, bodyPart, reader) => {
    for (const file of originals(set)) {
      const { bytes, study, sopInstanceUID } = await captured(file, modality, bodyPart);
      expect((await wetread.store(bytes)).failed).toEqual([]);
      expect(await idle(wetread)).toEqual([]);
      const made = byModel((await readingsOf(wetread, study))[sopInstanceUID]);
      for (const { card } of loaded) {
        const own = card.name === reader && named(reader) !== undefined;
        const otherwise = card.input.modalities.includes(modality) ? 'sop-class' : 'modality';
        expect([card.name, made[card.name]]).toEqual([card.name, own ? 'READ' : otherwise]);
      }
    }
  });

  onCorpus('CT slices of TCGA, as they came from their scanners', async () => {
    for (const bytes of originals('ct-contrast/dicom')) {
      const { studyInstanceUID, sopInstanceUID } = await read(bytes);
      expect((await wetread.store(bytes)).failed).toEqual([]);
      expect(await idle(wetread)).toEqual([]);
      const made = byModel((await readingsOf(wetread, studyInstanceUID))[sopInstanceUID]);
      for (const { card } of loaded)
        expect([card.name, made[card.name]]).toEqual([card.name, card.name === 'ct-contrast' ? 'READ' : 'modality']);
    }
  });

  onCorpus('one file of each modality of the corpus is read, or not read for the reason that its header gives', async () => {
    const seen = new Set<string>();
    for (const { path } of corpus.filter(mustBeStored)) {
      const bytes = bytesOf(path);
      const { dataset, frameTable, studyInstanceUID, sopInstanceUID, sopClassUID } = await read(bytes);
      const modality = firstText(dataset, tag(0x0008, 0x0060))?.trim() ?? '';
      if (seen.has(modality)) continue;
      seen.add(modality);
      expect((await wetread.store(bytes)).failed).toEqual([]);
      expect(await idle(wetread)).toEqual([]);
      const made = byModel((await readingsOf(wetread, studyInstanceUID))[sopInstanceUID]);
      for (const { card } of loaded) {
        const { modalities, sopClassUIDs, bodyParts } = card.input;
        const bodyPart = firstText(dataset, tag(0x0018, 0x0015))?.trim().toUpperCase();
        const reasons = [
          ...(frameTable === undefined ? ['no-pixel-data'] : []),
          ...(modality !== '' && !modalities.includes(modality) ? ['modality'] : []),
          ...(!sopClassUIDs.includes(sopClassUID) ? ['sop-class'] : []),
          ...(bodyPart && !bodyParts.includes(bodyPart) ? ['body-part'] : []),
        ];
        // Where the header gives a reason, that is the one; where it gives none, nothing of these may be claimed.
        const said = made[card.name];
        if (reasons.length > 0) expect([path, card.name, reasons[0]]).toEqual([path, card.name, said]);
        else expect(['no-pixel-data', 'modality', 'sop-class', 'body-part']).not.toContain(said);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });
});
