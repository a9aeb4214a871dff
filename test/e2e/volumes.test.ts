import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { readdirSync, rmSync } from 'node:fs';
import { firstText, tag } from '../../src/dicom/dicom-json.js';
import type { ModelInput } from '../../src/inference/model-card.js';
import { bytesOf, onCorpus, read } from '../dicom/corpus.js';
import { aCard, aModelsFolder, farFromTraining, meanOfAll, onnxBytes, writeModel } from '../inference/tiny-models.js';
import { idle, onRecord, reportOf } from './phantoms.js';
import { readingsOf, type Reading } from './readings-of.js';
import { Wetread } from './wetread.js';

const anyInput: ModelInput = {
  ...aCard().input,
  sopClassUIDs: [],
  photometricInterpretations: [],
  bodyParts: [],
  viewPositions: [],
  maximumFrames: 100,
};
const volume = {
  minimumSlices: 8,
  size: [8, 16, 16],
  spacing: [9, 20, 20],
  orientation: 'as-acquired',
  unit: 'HU',
  windows: [{ windowCenter: -300, windowWidth: 1400 }],
  normalisation: 'none',
  outside: -1024,
  grid: 'first',
} as const;
const clip = {
  frames: 4,
  interval: { unit: 'seconds', value: 0.08 },
  rows: 16,
  columns: 16,
  channels: 1,
  normalisation: 'none',
  regions: 'tissue',
} as const;
const filesOf = (folder: string): Buffer[] =>
  readdirSync(new URL(`../../../../shared/dicom/demo/${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.dcm'))
    .sort()
    .map((name) => bytesOf(`demo/${folder}/${name}`));
const uidOf = async (bytes: Buffer, element: number, group = 0x0020): Promise<string> =>
  firstText((await read(bytes)).dataset, tag(group, element)) ?? '';
/** How often each reason, and READ, was given; that a model reads another modality is left out. */
const codesOf = (readings: Record<string, Reading[]>): Record<string, number> => {
  const codes = Object.values(readings)
    .flatMap((all) => all.map(({ state, reasonCode }) => reasonCode ?? state))
    .filter((code) => code !== 'modality');
  return Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));
};

let models: string;
let wetread: Wetread;
beforeAll(async () => {
  models = aModelsFolder();
  writeModel(models, onnxBytes(farFromTraining, ['N', 1, 8, 16, 16]), {
    name: 'of-ct',
    input: { ...anyInput, modalities: ['CT'], volume },
    inputDistanceLimit: 2,
  });
  writeModel(models, onnxBytes(meanOfAll, ['N', 4, 1, 16, 16]), {
    name: 'of-clips',
    input: { ...anyInput, modalities: ['US', 'ES'], clip },
  });
  writeModel(models, onnxBytes(meanOfAll, ['N', 4, 1, 16, 16]), {
    name: 'of-measured-clips',
    input: { ...anyInput, modalities: ['US', 'ES'], clip: { ...clip, spacing: [2, 2] } },
  });
  const ofMr = {
    ...volume,
    minimumSlices: 4,
    orientation: 'sagittal',
    unit: 'any',
    windows: [],
    normalisation: 'z_score',
    outside: 0,
  } as const;
  const sequences = [{ name: 'T1' }, { name: 'T2' }, { name: 'FLAIR' }] as const;
  writeModel(models, onnxBytes(meanOfAll, ['N', 1, 8, 16, 16]), {
    name: 'of-mr',
    input: { ...anyInput, modalities: ['MR'], volume: ofMr },
  });
  writeModel(models, onnxBytes(meanOfAll, ['N', 3, 8, 16, 16]), {
    name: 'of-brain',
    input: { ...anyInput, modalities: ['MR'], volume: ofMr, sequences },
  });
  wetread = await Wetread.start({ MODELS: models, QUIET_PERIOD_SECONDS: '1' });
});
afterAll(async () => {
  await wetread.remove();
  rmSync(models, { recursive: true });
});

describe('A model that reads volumes', () => {
  onCorpus('does not read a series that lacks a slice, reads it once the slice is there, and says so in the report', async () => {
    const all = filesOf('ct-chest');
    const [late] = all.splice(12, 1);
    const study = await uidOf(late, 0x000d);
    expect((await wetread.store(...all)).status).toBe(200);
    expect(await idle(wetread)).toEqual([]);
    const before = await readingsOf(wetread, study);
    expect(codesOf(before)).toEqual({ 'missing-slices': 24 });
    expect(Object.values(before)[0].find(({ reasonCode }) => reasonCode === 'missing-slices')?.reason).toBe(
      'slices are missing between slices 12 and 13 (6 mm), where the spacing is 3 mm',
    );
    const records = (await onRecord(wetread, 'image.not-read')).filter(({ reason }) => reason === 'missing-slices');
    expect(records.map(({ entity, changes }) => [entity.type, (changes.instances as number[]).length])).toEqual([['study', 24]]); // one, of all

    expect((await wetread.store(late)).status).toBe(200);
    const report = await reportOf(wetread, study);
    expect(await idle(wetread)).toEqual([]);
    expect(codesOf(await readingsOf(wetread, study))).toEqual({ 'missing-slices': 24, READ: 1 });
    expect((await readingsOf(wetread, study))[await uidOf(late, 0x0018, 0x0008)].map(({ state }) => state)).toContain('READ');
    expect(report.conclusion).toContain('Read as a whole: 25 frames.');
    expect(report.conclusion).toContain('1 of 1 images are unlike those that the model was trained on');
    expect(report.conclusion).toContain('not judged, the image is unlike those of the training');
    const [read_] = await onRecord(wetread, 'image.read');
    expect(read_.changes).toMatchObject({
      model: { name: 'of-ct' },
      input: { files: 25, filesSha256: expect.stringMatching(/^[0-9a-f]{64}$/), slices: [25] },
      provider: 'cpu',
      preparation: { parameters: { volume: { unit: 'HU' } } },
    });
  });
});

describe('A model that reads MR', () => {
  onCorpus('reads a series once, every slice a part of it, and says which sequence a study lacks', async () => {
    const series = filesOf('mr-series');
    const study = await uidOf(series[0], 0x000d);
    expect((await wetread.store(...series)).status).toBe(200);
    const report = await reportOf(wetread, study);
    expect(await idle(wetread)).toEqual([]);
    expect(codesOf(await readingsOf(wetread, study))).toEqual({ READ: 1, 'read-with-series': 9, 'sequence-missing': 10 });
    expect(report.conclusion).toContain('Images read: 1.'); // none is left unread

    const brain = ['ax-fse-t2', 'mocomemprage_220fov-rms', 'relcbf'].flatMap((folder) => filesOf(`mr-brain-study/${folder}`));
    const other = await uidOf(brain[0], 0x000d);
    expect((await wetread.store(...brain)).status).toBeLessThan(300);
    expect(await idle(wetread)).toEqual([]);
    const readings = await readingsOf(wetread, other);
    expect(codesOf(readings)).toEqual({ READ: 2, 'read-with-series': 9, 'sequence-missing': 11, 'too-few-slices': 2 });
    const missing = Object.values(readings).flatMap((all) => all.filter(({ reasonCode }) => reasonCode === 'sequence-missing'));
    expect(new Set(missing.map(({ reason }) => reason))).toEqual(new Set(['lacks FLAIR']));
  });
});

describe('A model that reads clips', () => {
  onCorpus('reads a loop by its own clock, and says of a video that it cannot be decoded', async () => {
    const [loop, video] = [bytesOf('demo/us-cine/2e1a1cea.dcm'), bytesOf('synthetic/video-mpeg4-25frames.dcm')];
    expect((await wetread.store(loop)).status).toBe(200);
    await wetread.store(video);
    expect(await idle(wetread)).toEqual([]);
    expect(codesOf(await readingsOf(wetread, await uidOf(loop, 0x000d)))).toEqual({ READ: 2 }); // as it is, and in its own millimetres
    expect(codesOf(await readingsOf(wetread, await uidOf(video, 0x000d)))).toEqual({ 'video-codec': 2 });
  });
});
