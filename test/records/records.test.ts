import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import type { Database } from '../../src/database/database.js';
import { AccessLog } from '../../src/ledger/access-log.js';
import { RecordAbsent } from '../../src/records/faults.js';
import { Records } from '../../src/records/records.js';
import { parseSearch } from '../../src/records/search/parse-search.js';
import { RecordSearch } from '../../src/records/search/record-search.js';
import { Numbers } from '../../src/records/store/numbers.js';
import { aDatabase } from '../a-database.js';

let database: Database;
let records: Records;
let finder: RecordSearch;
beforeAll(async () => {
  database = await aDatabase();
  const accessLog = new AccessLog(database);
  records = new Records(database, accessLog, new Numbers(database));
  finder = new RecordSearch(database, accessLog);
});
afterAll(() => database.close());

const aPatient = (id: string, said: Partial<Patient> = {}): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: 'urn:a', value: id }],
  ...said,
});
const NOON = new Date('2026-01-15T12:00:00.123Z');
const write = (resources: Parameters<Records['write']>[1], now = NOON) => database.transaction((tx) => records.write(tx, resources, now));
const sql = (text: string, values: unknown[] = []) => database.statement((tx) => tx.rows<Record<string, unknown>>(text, values));
const versionsOf = async (id: string) =>
  (
    await sql('SELECT version FROM resource WHERE id = $1 UNION ALL SELECT version FROM resource_version WHERE id = $1 ORDER BY version', [
      id,
    ])
  ).map(({ version }) => version);
const search = (identifier: string) =>
  finder.search(
    LOCAL_CALLER,
    parseSearch({ type: 'Patient', parameters: [['identifier', identifier]], lenient: false }, { base: '', now: 0 }).search,
    { names: ['identifier'], query: `Patient?identifier=${identifier}` },
  );

describe('The FHIR store', () => {
  it('gives back what was written, with its version and time', async () => {
    await write([aPatient('one')]);
    const { version, content, lastUpdated } = await records.read(LOCAL_CALLER, 'Patient', 'one');
    expect(version).toBe(1);
    expect(lastUpdated).toEqual(NOON);
    expect(JSON.parse(content)).toEqual({ ...aPatient('one'), meta: { versionId: '1', lastUpdated: NOON.toISOString() } });
  });

  it('makes no version of what says the same, and keeps every version of what does not', async () => {
    await write([aPatient('two')]);
    await write([aPatient('two')], new Date('2026-01-16T00:00:00Z'));
    expect(await versionsOf('two')).toEqual([1]);
    await write([aPatient('two', { gender: 'female' })]);
    await write([aPatient('two')]);
    expect(await versionsOf('two')).toEqual([1, 2, 3]);
    expect((await records.read(LOCAL_CALLER, 'Patient', 'two')).version).toBe(3);
  });

  it('keeps a meta that came with the resource', async () => {
    await write([aPatient('marked', { meta: { tag: [{ code: 'x' }] } })]);
    expect(JSON.parse((await records.read(LOCAL_CALLER, 'Patient', 'marked')).content)).toMatchObject({
      meta: { tag: [{ code: 'x' }], versionId: '1' },
    });
  });

  it('finds the current version by its values, and no more by those it had', async () => {
    await write([aPatient('three', { identifier: [{ system: 'urn:old', value: 'o' }] })]);
    await write([aPatient('three', { identifier: [{ system: 'urn:new', value: 'n' }, { value: 'bare' }] })]);
    const total = async (identifier: string) => (await search(identifier)).total;
    expect([await total('o'), await total('n'), await total('urn:new|n'), await total('urn:old|n')]).toEqual([0, 1, 1, 0]);
    expect([await total('|bare'), await total('|n'), await total('urn:new|')]).toEqual([1, 0, 1]);
  });

  it('writes all or nothing, with the transaction it is in', async () => {
    await expect(
      database.transaction(async (tx) => {
        await records.write(tx, [aPatient('four')], NOON);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await expect(records.read(LOCAL_CALLER, 'Patient', 'four')).rejects.toThrow(RecordAbsent);
    expect(await sql(`SELECT 1 FROM search_token WHERE value = 'four'`)).toEqual([]);
  });

  it('numbers the versions of writers at the same time without a gap or a repetition', async () => {
    await write([aPatient('five'), aPatient('six')]);
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        write([
          aPatient(i % 2 ? 'five' : 'six', { gender: 'male', language: `x-${i}` }),
          aPatient(i % 2 ? 'six' : 'five', { language: `y-${i}` }),
        ]),
      ),
    );
    expect(await versionsOf('five')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await versionsOf('six')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is one resource where two writers bring its first version at once', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => write([aPatient('seven')])));
    expect(attempts.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'fulfilled'));
    expect(await versionsOf('seven')).toEqual([1]);
  });

  it('has every read and search on record before it answers', async () => {
    await write([aPatient('eight')]);
    await records.read(LOCAL_CALLER, 'Patient', 'eight');
    await search('eight');
    const events = (await sql('SELECT event FROM ledger_record ORDER BY id DESC LIMIT 2')).map(({ event }) => JSON.parse(String(event)));
    expect(events).toMatchObject([
      {
        action: 'data.fetched',
        actor: LOCAL_CALLER.id,
        entity: { type: 'Patient', id: 'search' },
        changes: { parameters: ['identifier'], matches: 1 },
      },
      { action: 'data.fetched', actor: LOCAL_CALLER.id, entity: { type: 'Patient', id: 'eight' }, changes: { version: 1 } },
    ]);
  });
});
