import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ingest } from '../../../src/archive/ingest.js';
import { PixelDescriptions } from '../../../src/archive/pixel-descriptions.js';
import { Pixels } from '../../../src/archive/pixels.js';
import { Retrieve } from '../../../src/archive/retrieve.js';
import { Search } from '../../../src/archive/search.js';
import { DiskStorage } from '../../../src/archive/storage/disk.js';
import { Studies } from '../../../src/archive/studies.js';
import type { Database } from '../../../src/database/database.js';
import { patientHash } from '../../../src/evidence/datasets/patient-hash.js';
import type { Population } from '../../../src/evidence/datasets/population.js';
import { SelectCases, type SelectionOrder } from '../../../src/evidence/datasets/select-cases.js';
import { AccessLog } from '../../../src/ledger/access-log.js';
import { PixelPool } from '../../../src/pixels/pixel-pool.js';
import { aCaller } from '../../a-caller.js';
import { aDatabase } from '../../a-database.js';
import { aChestXray, newUid, type Elements, type TestInstance } from '../../e2e/instances.js';
import { aCard } from '../../inference/tiny-models.js';

const CALLER = aCaller('validation-lead');
const [ROWS, COLUMNS] = [48, 40];
/** A picture of 12 bits: blobs at places that its number says. */
function pixels(number: number): Buffer {
  const bytes = Buffer.alloc(ROWS * COLUMNS * 2);
  for (let i = 0; i < ROWS * COLUMNS; i++) {
    const [x, y] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    let value = 400;
    for (let k = 1; k <= 9; k++) {
      const [cx, cy] = [(number * 17 * k + 5 * k) % COLUMNS, (number * 29 + 11 * k * k) % ROWS];
      value += 900 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (6 + 2 * k));
    }
    bytes.writeUInt16LE(Math.min(4095, Math.round(value)), 2 * i);
  }
  return bytes;
}
const xray = (number: number, said: Elements, given: Parameters<typeof aChestXray>[1] = {}): TestInstance =>
  aChestXray(
    { Rows: ROWS, Columns: COLUMNS, PatientID: `PAT-${number}`, InstitutionName: 'Hospital of Somewhere', Manufacturer: 'Maker', ...said },
    { pixelData: pixels(number), ...given },
  );
const [STUDY, SERIES] = [newUid(), newUid()];
const ofOneStudy = { StudyInstanceUID: STUDY, SeriesInstanceUID: SERIES, PatientID: 'PAT-1' };
const FILES = {
  one: xray(1, { ...ofOneStudy, PatientAge: '061Y', IssuerOfPatientID: 'Issuer' }),
  'one again': xray(2, { ...ofOneStudy, PatientAge: '061Y', IssuerOfPatientID: 'Issuer' }),
  two: xray(3, { PatientID: 'PAT-2', PatientSex: 'M', InstitutionName: 'Elsewhere' }),
  'same pixels': xray(3, { PatientID: 'PAT-3', PatientAge: '099Y', ManufacturerModelName: 'Model X', WindowCenter: 1000 }),
  'no age': xray(4, { PatientID: 'PAT-4', PatientBirthDate: null, PatientSex: null, Manufacturer: null }),
  lateral: xray(5, { PatientID: 'PAT-5', ViewPosition: 'LL' }),
  'no pixels': xray(6, { PatientID: 'PAT-6' }, { pixelData: null }),
  'two frames': xray(7, { PatientID: 'PAT-7', NumberOfFrames: 2 }, { pixelData: Buffer.concat([pixels(7), pixels(8)]) }),
  broken: xray(8, { PatientID: 'PAT-8', BitsStored: 20, HighBit: 19 }),
  ct: xray(9, { PatientID: 'PAT-9', Modality: 'CT' }),
} as const;
const instanceHash = ({ sopInstanceUID }: TestInstance): string => createHash('sha256').update(sopInstanceUID).digest('hex');
const order = (change: Partial<SelectionOrder> = {}, population: Partial<Population> = {}): SelectionOrder => ({
  population: { modality: ['DX'], images: 'all', ...population },
  seed: 11,
  strata: ['sex'],
  sample: null,
  ...change,
});

let database: Database;
let folder: string;
let storage: DiskStorage;
let pool: PixelPool;
let cases: SelectCases;
beforeAll(async () => {
  database = await aDatabase();
  folder = mkdtempSync(join(tmpdir(), 'wetread-cases-'));
  storage = new DiskStorage(folder, 0);
  pool = new PixelPool({ threads: 1, queueLimit: 10, timeLimitMilliseconds: 20_000 });
  const ingest = new Ingest(database, storage, { quietPeriodSeconds: 0, freeSpaceFloorBytes: 0 });
  const outcomes = await ingest.store(
    aCaller('system'),
    (async function* () {
      for (const { bytes } of Object.values(FILES))
        yield (async function* () {
          yield bytes;
        })();
    })(),
  );
  expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual([]);
  await ingest.settled();
  const log = new AccessLog(database);
  const retrieve = new Retrieve(database, storage, log);
  cases = new SelectCases(new Search(database, log), new Studies(database), new Pixels(retrieve, pool, new PixelDescriptions(retrieve)));
});
afterAll(async () => {
  await pool.close();
  await storage.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

describe('A dataset that is selected from the archive', () => {
  it('has each image that its rules leave, and says of the others why not', async () => {
    const { model } = { model: aCard() };
    const found = await cases.select(CALLER, order({ model }));
    expect(found.selection.found).toBe(9); // but the CT
    expect(Object.fromEntries(found.selection.excluded.map(({ reason, count }) => [reason, count]))).toEqual({
      'no-pixel-data': 1,
      'multi-frame': 1,
      'not-decodable': 1,
      'model-does-not-read/view-position': 1,
    });
    expect(found.cases.map(({ item }) => item.caseKey)).toEqual(['C0001', 'C0002', 'C0003', 'C0004', 'C0005']);
    const itemOf = (file: TestInstance) => found.cases.find(({ item }) => item.instanceHash === instanceHash(file));
    const [one, again, two, same, noAge] = [FILES.one, FILES['one again'], FILES.two, FILES['same pixels'], FILES['no age']].map(itemOf);
    expect(one?.item).toMatchObject({
      fileSha256: FILES.one.sha256,
      ageYears: 61,
      sex: 'F',
      manufacturer: 'Maker',
      model: '',
      stratum: 'F',
    });
    expect(one?.item.patientKey).toBe(again?.item.patientKey);
    expect(new Set(found.cases.map(({ item }) => item.patientKey)).size).toBe(4);
    expect(one?.patientHashes).toEqual([patientHash('Issuer', 'PAT-1'), patientHash('', 'PAT-1')]);
    expect(two?.item).toMatchObject({ ageYears: 56, sex: 'M' }); // born in January 1970, imaged on the 31st of January 2026
    expect(two?.item.site).not.toBe(one?.item.site);
    expect([one?.item.site, two?.item.site].sort()).toEqual(['S1', 'S2']);
    expect(same?.item).toMatchObject({ ageYears: 90, model: 'Model X', pixelSha256: two?.item.pixelSha256 });
    expect(noAge?.item).toMatchObject({ ageYears: null, sex: '', manufacturer: '', stratum: 'unknown' });
    expect(found.duplicates).toEqual({ exact: [[two?.item.caseKey, same?.item.caseKey].sort()], alike: [] });
    expect(found.missingness).toContainEqual({ attribute: 'PatientSex', missing: 1, of: 5 });
    expect(found.missingness).toContainEqual({ attribute: 'ManufacturerModelName', missing: 4, of: 5 });
    const told = JSON.stringify(found.cases.map(({ item }) => item)) + JSON.stringify(found.selection);
    for (const secret of ['PAT-', 'Somewhere', 'Elsewhere', 'Doe', FILES.one.sopInstanceUID]) expect(told).not.toContain(secret);
  });

  it('is the same each time for the same seed, and has other keys for another', async () => {
    const [first, second, other] = [order(), order(), order({ seed: 12 })];
    const keys = async (asked: SelectionOrder) => (await cases.select(CALLER, asked)).cases.map(({ item }) => item);
    const items = await keys(first);
    expect(await keys(second)).toEqual(items);
    expect((await keys(other)).map((item) => item.instanceHash)).not.toEqual(items.map((item) => item.instanceHash));
  });

  it('may have one image of each patient, and a sample of patients', async () => {
    const single = await cases.select(CALLER, order({}, { images: 'one-per-patient' }));
    expect(new Set(single.cases.map(({ item }) => item.patientKey)).size).toBe(single.cases.length);
    expect(single.selection.excluded).toContainEqual({ reason: 'other-image-of-patient', count: 1 });
    const sampled = await cases.select(
      CALLER,
      order({ sample: { sizes: { F: 2, M: 1 } } }, { viewPosition: ['PA'], images: 'one-per-study' }),
    );
    expect(sampled.selection.sampling).toEqual({ seed: 11, by: ['sex'], size: 3 });
    const { found, excluded } = sampled.selection;
    expect(excluded.reduce((sum, { count }) => sum + count, sampled.cases.length)).toBe(found);
    await expect(cases.select(CALLER, order({ sample: { size: 99 } }))).rejects.toMatchObject({ code: 'sample-impossible' });
  });

  it('is found by rules of ages, dates, makers, institutions and lists', async () => {
    const hashesOf = async (population: Partial<Population>) =>
      (await cases.select(CALLER, order({}, { viewPosition: ['PA'], ...population }))).cases.map(({ item }) => item.instanceHash).sort();
    const hashes = (...names: (keyof typeof FILES)[]) => names.map((name) => instanceHash(FILES[name])).sort();
    expect(await hashesOf({ ageYears: { least: 60, most: 89 } })).toEqual(hashes('one', 'one again'));
    expect(await hashesOf({ sex: ['M'] })).toEqual(hashes('two'));
    expect(await hashesOf({ institution: ['Elsewhere'] })).toEqual(hashes('two'));
    expect(await hashesOf({ manufacturerModel: ['Model*'] })).toEqual(hashes('same pixels'));
    expect(await hashesOf({ studyDate: { from: '20260101', to: '20260131' }, sex: ['M', 'X'] })).toEqual(hashes('two'));
    await expect(hashesOf({ studyDate: { to: '20251231' } })).rejects.toMatchObject({ code: 'population-empty' });
    const listed = await cases.select(CALLER, order({}, { sopInstanceUIDs: [FILES.two.sopInstanceUID, newUid()] }));
    expect(listed.selection).toMatchObject({ found: 2, excluded: [{ reason: 'listed-not-found', count: 1 }] });
  });

  it('is only of studies that are open to the caller, and on record as a look', async () => {
    await expect(cases.select(aCaller('study-member'), order())).rejects.toMatchObject({ code: 'not-permitted' });
    const bound = aCaller('patient', 'patient/*.rs', { patient: 'nobody' });
    await expect(
      cases.select({ ...bound, rights: { roles: ['patient'], grants: bound.rights?.grants ?? [], patient: 'nobody' } }, order()),
    ).rejects.toMatchObject({ code: 'population-empty', excluded: [] });
  });
});
