import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { TrainingLeak, TrainingManifestAbsent, TrainingManifestMalformed } from '../../../src/evidence/datasets/faults.js';
import { leakCheck, requireNoLeak } from '../../../src/evidence/datasets/leak-check.js';
import { patientHash, patientHashes } from '../../../src/evidence/datasets/patient-hash.js';
import { storedImageHashes } from '../../../src/evidence/datasets/picture-hashes.js';
import { greyImage } from '../../../src/training/datasets/grey-image.js';
import { chestPictures, picturesAreHere, type ChestPicture } from './chest-pictures.js';
import { readTrainingManifest, trainingManifestText, type TrainingEntry } from '../../../src/evidence/datasets/training-manifest.js';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const HEAD = {
  model: 'tiny',
  version: '1',
  modelSha256: sha('model'),
  dataset: 'Test',
  citation: 'Nobody',
  licence: 'CC0',
  patientIdentity: 'Patient ID',
};
const entry = (name: string, patient: string, perceptualHash: string): TrainingEntry => ({
  part: 'train',
  pixelSha256: sha(name),
  perceptualHash,
  patientHash: patient === '' ? '' : patientHash('', patient),
});
const TRAINED = [
  entry('one', 'PAT-1', '0123456789abcdef'),
  entry('two', 'PAT-2', 'fedcba98a0c1e2f3'),
  entry('three', '', '00ff00ff0f0f3355'),
];
const text = trainingManifestText(HEAD, TRAINED);
const manifest = readTrainingManifest(Buffer.from(text));
const model = { model: 'tiny', version: '1', manifest };
const aCase = (caseKey: string, name: string, patient: string, perceptualHash: string, issuer = '') => ({
  caseKey,
  patientHashes: patientHashes(issuer, patient),
  pixelSha256: sha(name),
  perceptualHash,
});
const CLEAN = aCase('C0001', 'other', 'PAT-9', 'aaaa5555cccc3333');

describe('The identity of a patient', () => {
  it('is a SHA-256 of issuer and Patient ID as docs/evidence.md has it', () => {
    expect(patientHash('H1', '42')).toBe(sha('wetread-patient-v1\0H1\x0042'));
    expect(patientHashes(' H1 ', ' 42 ')).toEqual([patientHash('H1', '42'), patientHash('', '42')]);
    expect(patientHashes('', '42')).toEqual([patientHash('', '42')]);
    expect(patientHashes('H1', ' ')).toEqual([]);
  });
});

describe('A training manifest', () => {
  it('is the same text whatever the order of the pictures, and read back as it is', () => {
    expect(trainingManifestText(HEAD, TRAINED.toReversed())).toBe(text);
    expect(manifest.head).toEqual({ format: 'wetread-training-manifest-v1', ...HEAD, entries: 3 });
    expect(manifest.sha256).toBe(sha(text));
    expect(new Set(manifest.entries.map((one) => JSON.stringify(one)))).toEqual(new Set(TRAINED.map((one) => JSON.stringify(one))));
  });

  it.each([
    ['empty', ''],
    ['cut short', text.slice(0, -10)],
    ['a line less', text.split('\n').toSpliced(2, 1).join('\n')],
    ['of another format', text.replace('manifest-v1', 'manifest-v9')],
    ['with a hash that is none', text.replace(sha('one'), 'z'.repeat(64))],
    ['with a part that is none', text.replace('"train"', '"test"')],
    ['no JSON', text.replace('["train"', '["train')],
    ['JSON null', 'null\n'],
  ])('is refused where it is %s', (_, broken) => {
    expect(() => readTrainingManifest(Buffer.from(broken))).toThrow(TrainingManifestMalformed);
  });
});

describe('The leak check', () => {
  it('finds nothing where there is nothing', () => {
    const report = leakCheck([CLEAN, aCase('C0002', 'another', '', '5a5a3c3c00f0f0f1')], [model]);
    expect(report.leakage).toEqual({
      against: [{ model: 'tiny', version: '1', entries: 3, sha256: manifest.sha256 }],
      checkedPatients: 1,
      checkedPixels: 2,
      samePatients: 0,
      samePixels: 0,
      alike: [],
    });
    expect(() => requireNoLeak(report, 'test')).not.toThrow();
  });

  it('finds the same patient, also where the training did not know the issuer, and refuses a test of it', () => {
    const report = leakCheck([CLEAN, aCase('C0002', 'another picture', 'PAT-1', '5a5a3c3c00f0f0f1', 'Hospital')], [model]);
    expect(report.leakage.samePatients).toBe(1);
    const refused = catching(() => requireNoLeak(report, 'test'));
    expect(refused).toBeInstanceOf(TrainingLeak);
    expect(refused).toMatchObject({ code: 'training-leak', status: 409, samePatients: ['C0002'], samePixels: [], samePictures: [] });
    expect((refused as Error).message).not.toMatch(/PAT-1|C0002/);
  });

  it('finds the same pixels under another patient, the same picture in another form and its negative; what is merely alike is told', () => {
    const cases = [
      aCase('C0005', 'one', 'PAT-9', '0123456789abcdef'),
      aCase('C0004', 'saved again', 'PAT-9', '0123456789abcdec'),
      aCase('C0003', 'negative', 'PAT-9', 'fedcba9876543210'),
      aCase('C0002', 'like', 'PAT-9', '0123456789abcdd1'),
      CLEAN,
    ];
    const report = leakCheck(cases, [model]);
    expect(report.leakage).toMatchObject({ samePatients: 0, samePixels: 1 });
    expect(report.leakage.alike).toEqual([
      { caseKey: 'C0002', distance: 5 },
      { caseKey: 'C0003', distance: 0 },
      { caseKey: 'C0004', distance: 2 },
    ]);
    expect(catching(() => requireNoLeak(report, 'test'))).toMatchObject({ samePixels: ['C0005'], samePictures: ['C0003', 'C0004'] });
    expect(() => requireNoLeak(leakCheck(cases.slice(3), [model]), 'test')).not.toThrow();
    for (const purpose of ['train', 'tune', 'monitor'] as const) expect(() => requireNoLeak(report, purpose)).not.toThrow();
  });

  it('refuses a test of a model without a manifest, unless why is stated; of another model’s manifest that changes nothing', () => {
    const report = leakCheck([CLEAN], [model, { model: 'bought', version: '7', manifest: undefined }]);
    expect(report.leakage.against[1]).toEqual({ model: 'bought', version: '7', entries: 0, sha256: '' });
    const refused = catching(() => requireNoLeak(report, 'test'));
    expect(refused).toBeInstanceOf(TrainingManifestAbsent);
    expect(refused).toMatchObject({ code: 'training-manifest-absent', status: 409, models: ['bought/7'] });
    const stated = { reason: 'collected-after-training', statement: 'Released 2024; all cases of 2026.' } as const;
    expect(() => requireNoLeak(report, 'test', { ...stated, statement: ' ' })).toThrow(TrainingManifestAbsent);
    expect(() => requireNoLeak(report, 'test', stated)).not.toThrow();
    const leaking = leakCheck(
      [aCase('C0001', 'one', '', '0123456789abcdef')],
      [model, { model: 'bought', version: '7', manifest: undefined }],
    );
    expect(() => requireNoLeak(leaking, 'test', stated)).toThrow(TrainingLeak);
  });
});

(picturesAreHere ? describe : describe.skip)('The bundled chest model', () => {
  const bundled = readTrainingManifest(
    readFileSync(new URL('../../../../models/chest-pneumonia/4/training-manifest.ndjson', import.meta.url)),
  );
  const checked = async ({ file, jpeg }: ChestPicture) => ({
    caseKey: file,
    patientHashes: patientHashes('', /^(person\d+_[a-z]+|(NORMAL2-)?IM-\d+)/.exec(file)?.[0] ?? ''),
    ...storedImageHashes(await greyImage(jpeg)),
  });

  it('was trained on no patient and no picture of the test part', async () => {
    const cases = await Promise.all(chestPictures().map(checked));
    const report = leakCheck(cases, [{ model: 'chest-pneumonia', version: '4', manifest: bundled }]);
    expect(report.leakage).toMatchObject({ checkedPatients: 730, checkedPixels: 730, samePatients: 0, samePixels: 0 });
    expect(report.leakage.alike.length).toBeLessThanOrEqual(3);
    expect(() => requireNoLeak(report, 'test')).not.toThrow();
  });

  it('is not tested on what it was tuned on: known by patient, by pixels, and by its looks when it was saved again', async () => {
    const [picture] = chestPictures('val');
    const tuned = await checked(picture);
    const again = await sharp(picture.jpeg).resize(300, 280, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
    const cases = [tuned, { ...(await checked({ ...picture, jpeg: again })), caseKey: 'again', patientHashes: [] }];
    const report = leakCheck(cases, [{ model: 'chest-pneumonia', version: '4', manifest: bundled }]);
    expect(catching(() => requireNoLeak(report, 'test'))).toMatchObject({
      samePatients: [picture.file],
      samePixels: [picture.file],
      samePictures: ['again'],
    });
  });
});

function catching(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
