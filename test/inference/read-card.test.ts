import { describe, expect, it } from '@jest/globals';
import { InvalidModelCard } from '../../src/inference/faults.js';
import { readCard } from '../../src/inference/read-card.js';
import { aCard } from './tiny-models.js';

/** The card's JSON with one member set, by its path; `undefined` takes it out. */
function cardWith(path: readonly (string | number)[], value: unknown): string {
  const card = structuredClone(aCard()) as unknown;
  const last = path[path.length - 1];
  const holder = path.slice(0, -1).reduce((at, step) => (at as Record<string, unknown>)[step], card);
  (holder as Record<string, unknown>)[last] = value;
  return JSON.stringify(card);
}

describe('A model card', () => {
  it('is read as it stands', () => {
    expect(readCard(JSON.stringify(aCard()))).toEqual(aCard());
  });

  it.each([
    [['name'], '../escape', 'name must be lower-case letters, digits and hyphens'],
    [['version'], '1/../..', 'version must be letters, digits, dots and hyphens'],
    [['title'], undefined, 'title is missing'],
    [['title'], ' ', 'title must be text that is not empty'],
    [['sha256'], 'ABC', 'sha256 must be 64 lower-case hex digits'],
    [['opset'], 17.5, 'opset must be a whole number'],
    [['limitations'], 'none', 'limitations must be a list'],
    [['limitations', 0], 3, 'limitations[0] must be text'],
    [['notForClinicalUse'], 'true', 'notForClinicalUse must be true or false'],
    [['input'], [], 'input must be an object'],
    [['input', 'modalities', 1], 'dx', 'input.modalities[1] must be a code string'],
    [['input', 'sopClassUIDs', 0], '1.2.03', 'input.sopClassUIDs[0] must be a UID'],
    [['input', 'maximumFrames'], 0, 'input.maximumFrames must be a number from 1'],
    [['input', 'required', 0], 'PatientName', 'input.required[0] must be one of Modality, BodyPartExamined, ViewPosition'],
    [['preparation', 'channels'], 2, 'preparation must have 1 or 3 channels'],
    [['preparation', 'rows'], 100_000, 'preparation.rows must be a number from 1 to 4096'],
    [['preparation', 'normalisation'], 'zscore', 'preparation.normalisation must be one of none, z_score'],
    [['training', 'manifest'], { file: '../x', sha256: 'a'.repeat(64), entries: 1 }, 'training.manifest.file must be the name of a file'],
    [['training', 'manifest'], { file: 'model.onnx', sha256: 'a'.repeat(64), entries: 1 }, 'training.manifest.file must be the name'],
    [['training', 'manifest'], { file: 'm.ndjson', sha256: 'abc', entries: 1 }, 'training.manifest.sha256 must be 64'],
    [
      ['training', 'manifest'],
      { file: 'm.ndjson', sha256: 'a'.repeat(64), entries: 0 },
      'training.manifest.entries must be a number from 1',
    ],
    [['activation'], 'tanh', 'activation must be one of softmax, sigmoid'],
    [['classes'], [], 'classes must name at least one class'],
    [['classes', 1, 'label'], 'Nothing', 'classes must give each class its own label'],
    [['classes', 1, 'kind'], 'maybe', 'classes[1].kind must be one of finding, absence'],
    [['classes', 1, 'code', 'system'], undefined, 'classes[1].code.system is missing'],
    [['classes', 0, 'operatingThreshold'], 1.01, 'classes[0].operatingThreshold must be a number from 0 to 1'],
    [['classes', 0, 'referralThreshold'], 0.9, 'classes[0] must not have a referral threshold above its operating threshold'],
    [['evaluation', 0, 'aucInterval'], [0.9, 0.8], 'evaluation[0].aucInterval must be two numbers, the lower first'],
    [['evaluation', 0, 'aucInterval'], [0.8], 'evaluation[0].aucInterval must be two numbers'],
    [['input', 'bodyPart'], 'CHEST', 'input has an unknown member "bodyPart"'],
  ])('is refused with the path and the problem: %j = %j', (path, value, message) => {
    expect(() => readCard(cardWith(path, value))).toThrow(InvalidModelCard);
    expect(() => readCard(cardWith(path, value))).toThrow(message);
  });

  const preparation = (change: object) =>
    readCard(JSON.stringify(aCard({ preparation: { ...aCard().preparation, ...change } }))).preparation;

  it('may ask for all that preparation can do', () => {
    const scale = { mean: [0.5, 0.5], deviation: [0.2, 0.3] };
    const windows = [
      { windowCenter: 40, windowWidth: 400 },
      { windowCenter: -600, windowWidth: 1500 },
    ];
    const asked = { channels: 2, values: { from: 'windows', form: 'linear', windows }, clipPercentiles: [1, 99], scale, padding: -1 };
    const placed = { resize: 'cubic', aspect: 'keep', order: 'resize-then-normalise' };
    expect(preparation({ ...asked, ...placed })).toEqual({ ...aCard().preparation, ...asked, ...placed });
    for (const values of [{ from: 'modality' }, { from: 'image', form: 'linear', explanation: 'LUNG' }])
      expect(preparation({ values }).values).toEqual(values);
  });

  it('has 512 × 512 where it gives no size', () => {
    expect(preparation({ rows: undefined, columns: undefined })).toMatchObject({ rows: 512, columns: 512 });
  });

  it.each<[object, string]>([
    [{ channels: 2 }, 'preparation must have 1 or 3 channels'],
    [{ values: { from: 'windows', form: 'exact', windows: [] } }, 'preparation.values.windows must be 1 to 16 windows'],
    [
      { values: { from: 'windows', form: 'exact', windows: [{ windowCenter: 0, windowWidth: 0 }] } },
      'windows[0].windowWidth must be a number',
    ],
    [{ values: { from: 'windows', form: 'linear', windows: [{ windowCenter: 0, windowWidth: 0.5 }] } }, 'width 1 or more'],
    [{ values: { from: 'display' } }, 'preparation.values.from must be one of image, windows, modality'],
    [{ values: {} }, 'preparation.values.from is missing'],
    [{ values: 'display' }, 'preparation.values must be an object'],
    [{ values: { from: 'modality', windows: [] } }, 'preparation.values has an unknown member "windows"'],
    [{ clipPercentiles: [99, 1] }, 'preparation.clipPercentiles must be two percentiles'],
    [{ clipPercentiles: [1, 101] }, 'preparation.clipPercentiles[1] must be a number from 0 to 100'],
    [{ scale: { mean: [0], deviation: [0] } }, 'preparation.scale.deviation[0] must be a number'],
    [{ scale: { mean: [0, 0], deviation: [1, 1] } }, 'one mean and one deviation for each channel'],
    [{ resize: 'nearest' }, 'preparation.resize must be one of bilinear, area, cubic'],
  ])('is refused where its preparation does not fit: %j', (change, message) => {
    expect(() => preparation(change)).toThrow(message);
  });

  const volume = {
    minimumSlices: 8,
    size: [32, 64, 64],
    spacing: [2, 1, 1],
    orientation: 'as-acquired',
    unit: 'HU',
    windows: [{ windowCenter: 40, windowWidth: 400 }],
    normalisation: 'none',
    outside: -1024,
    grid: 'first',
  };
  const clip = {
    frames: 16,
    interval: { unit: 'seconds', value: 0.05 },
    rows: 64,
    columns: 64,
    channels: 1,
    normalisation: 'none',
    regions: 'tissue',
  };

  it('may read a series as a volume, with or without a spacing, or a clip', () => {
    const { spacing: _, ...stretched } = volume;
    for (const members of [
      { volume },
      { volume: stretched },
      { volume: { ...volume, windows: [] }, sequences: [{ name: 'T1' }, { name: 'FLAIR' }] },
      { clip },
    ]) {
      const card = { ...aCard(), input: { ...aCard().input, ...members } };
      expect(readCard(JSON.stringify(card))).toEqual(card);
    }
  });

  it.each<[string, object, string]>([
    ['both a volume and a clip', { volume, clip }, 'input must not have both volume and clip'],
    ['sequences without a volume', { sequences: [{ name: 'T1' }] }, 'input must have volume where it has sequences'],
    ['sequences and windows', { volume, sequences: [{ name: 'T1' }] }, 'input must not have both sequences and windows'],
    ['a sequence twice', { volume, sequences: [{ name: 'T1' }, { name: 'T1' }] }, 'input.sequences must name each once'],
    ['a sequence of no known name', { volume, sequences: [{ name: 'PD' }] }, 'input.sequences[0].name must be one of T1, T1c'],
    ['a size of two numbers', { volume: { ...volume, size: [64, 64] } }, 'input.volume.size must be three numbers'],
    ['a size beyond memory', { volume: { ...volume, size: [1024, 1024, 1024] } }, 'input.volume must not ask for more than 8388608 voxels'],
    ['a spacing of 0 mm', { volume: { ...volume, spacing: [0, 1, 1] } }, 'input.volume.spacing[0] must be a number from 0.05'],
    [
      'a window without width',
      { volume: { ...volume, windows: [{ windowCenter: 0, windowWidth: 0 }] } },
      'input.volume.windows[0].windowWidth must be',
    ],
    [
      'half a frame',
      { clip: { ...clip, interval: { unit: 'frames', value: 1.5 } } },
      'input.clip.interval must be a whole number of frames',
    ],
    [
      'a clip beyond memory',
      { clip: { ...clip, frames: 1024, rows: 1024, channels: 3 } },
      'input.clip must not ask for more than 67108864 values',
    ],
    ['no minimum of slices', { volume: { ...volume, minimumSlices: undefined } }, 'input.volume.minimumSlices is missing'],
  ])('is refused with %s', (_, members, message) => {
    expect(() => readCard(JSON.stringify({ ...aCard(), input: { ...aCard().input, ...members } }))).toThrow(message);
  });

  it('is refused where softmax has one class: its probability would always be 1', () => {
    const card = JSON.stringify(aCard({ classes: aCard().classes.slice(1) }));
    expect(() => readCard(card)).toThrow('one class');
  });

  it.each(['', '{', 'null', '[]', '3'])('is refused where the text is no object: %j', (text) => {
    expect(() => readCard(text)).toThrow(InvalidModelCard);
  });
});
