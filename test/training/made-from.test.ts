import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patientHash } from '../../src/evidence/datasets/patient-hash.js';
import { storedImageHashes } from '../../src/evidence/datasets/picture-hashes.js';
import { readTrainingManifest } from '../../src/evidence/datasets/training-manifest.js';
import { readCard } from '../../src/inference/read-card.js';
import { DatasetBroken, ModelNotThere } from '../../src/training/faults.js';
import { addManifest, madeFrom, manifestReference } from '../../src/training/made-from.js';
import { aCard } from '../inference/tiny-models.js';
import { aConfig, discs } from './a-training.js';

const DATA = { train: discs(4, 1).map((one) => ({ ...one, patientID: `ID of ${one.file}` })), val: discs(2, 2) };
const CONFIG = aConfig();

describe('What a model was made from', () => {
  it('is told picture by picture, by hashes alone', () => {
    const text = madeFrom(CONFIG, DATA, 'e'.repeat(64));
    const { head, entries } = readTrainingManifest(Buffer.from(text));
    expect(head).toMatchObject({ model: CONFIG.name, version: CONFIG.version, modelSha256: 'e'.repeat(64), entries: 6 });
    expect(manifestReference(text)).toEqual({
      file: 'training-manifest.ndjson',
      sha256: createHash('sha256').update(text).digest('hex'),
      entries: 6,
    });
    const [first] = DATA.train;
    expect(entries).toContainEqual({ part: 'train', ...storedImageHashes(first.image), patientHash: patientHash('', first.patientID) });
    expect(entries).toContainEqual({ part: 'tune', ...storedImageHashes(DATA.val[0].image), patientHash: '' });
    expect(text).not.toContain('disc-');
  });

  it('is added to a model that lies there, and nothing else of its card changes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-manifest-'));
    expect(() => addManifest(folder, CONFIG, DATA)).toThrow(ModelNotThere);
    mkdirSync(join(folder, CONFIG.name));
    const card = aCard({ name: CONFIG.name, version: CONFIG.version, training: { ...aCard().training, cases: 4 } });
    const path = join(folder, CONFIG.name, 'card.json');
    writeFileSync(path, JSON.stringify(card));
    const manifest = addManifest(folder, CONFIG, DATA);
    expect(readCard(readFileSync(path, 'utf8'))).toEqual({ ...card, training: { ...card.training, manifest } });
    const bytes = readFileSync(join(folder, CONFIG.name, CONFIG.version, manifest.file));
    expect(readTrainingManifest(bytes)).toMatchObject({ sha256: manifest.sha256, head: { modelSha256: card.sha256 } });
    expect(() => addManifest(folder, CONFIG, { ...DATA, train: DATA.train.slice(1) })).toThrow(DatasetBroken);
    expect(() => addManifest(folder, { ...CONFIG, version: '9' }, DATA)).toThrow(ModelNotThere);
  });
});
