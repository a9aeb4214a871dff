import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrainingManifest, TRAINING_MANIFEST_FILE } from '../../src/evidence/datasets/training-manifest.js';
import { patientHash } from '../../src/evidence/datasets/patient-hash.js';
import { CHEST, datasetBody, madeDataset, noise } from './chest-study.js';
import { aChestXray } from './instances.js';
import { LockedStudy } from './locked-study.js';
import { BUNDLED, Wetread } from './wetread.js';

const CASES = 2;
/** A patient of the collection that the bundled model was trained on, by what stands for the Patient ID there. */
const TRAINED_ON = 'NORMAL2-IM-1001';
let wetread: Wetread;
let study: LockedStudy;
let models: string;

const refusal = (status: number, code: string) => expect.objectContaining({ status, body: expect.objectContaining({ code }) });
const refusedOf = async (id: string): Promise<string[]> =>
  (
    await wetread.sql<{ code: string }>(
      `SELECT event::jsonb #>> '{changes,code}' AS code FROM ledger_record WHERE event::jsonb ->> 'action' = 'evidence.refused' AND entity_id = $1`,
      [id],
    )
  ).map(({ code }) => code);

beforeAll(async () => {
  models = mkdtempSync(join(tmpdir(), 'wetread-swapped-'));
  cpSync(join(BUNDLED, CHEST.name), join(models, CHEST.name), { recursive: true });
  wetread = await Wetread.start({ AUTH: 'on', MODELS: models });
  study = await LockedStudy.at(wetread, CASES);
});
afterAll(async () => {
  await wetread.remove();
  rmSync(models, { recursive: true });
});

describe('Who would cheat', () => {
  it('finds no run of a model whose file is another than the protocol names, and that they tried is on record', async () => {
    await study.begin();
    const { manager, lead } = study.people;
    const graph = join(models, CHEST.name, CHEST.version, 'model.onnx');
    appendFileSync(graph, Buffer.from([0]));
    expect(await study.cast.ask(manager, 'POST', study.at('/run'))).toEqual(refusal(409, 'model-swapped'));
    expect(await study.cast.ask(lead, 'GET', study.at('/run'))).toEqual(refusal(404, 'not-found'));
    expect(await refusedOf(study.id)).toEqual(expect.arrayContaining(['model-swapped']));
    cpSync(join(BUNDLED, CHEST.name, CHEST.version, 'model.onnx'), graph);
    await study.runModel();
  });

  it('finds no test of a patient whom the model was trained on, other pixels or not', async () => {
    const manifest = readTrainingManifest(readFileSync(join(models, CHEST.name, CHEST.version, TRAINING_MANIFEST_FILE)));
    expect(manifest.entries.map((one) => one.patientHash)).toContain(patientHash('', TRAINED_ON));
    const { cast, people } = study;
    const sender = await cast.person('Another Radiologist', 'radiologist');
    const known = aChestXray(
      { PatientID: TRAINED_ON, IssuerOfPatientID: 'ELSEWHERE', Rows: 64, Columns: 64 },
      { pixelData: noise(64 * 64) },
    );
    await wetread.storeAs(sender.headers, known.bytes);
    const refused = await madeDataset(cast, people.lead, datasetBody({ useLimit: 2 }));
    expect(refused).toMatchObject({ state: 'refused', code: 'training-leak' });
    expect(JSON.stringify(refused)).not.toContain(TRAINED_ON);
    expect(await refusedOf(refused.id)).toEqual(['training-leak']);
    expect(await madeDataset(cast, people.lead, datasetBody({ purpose: 'tune' }))).toMatchObject({ state: 'frozen', cases: CASES + 1 });
  });
});
