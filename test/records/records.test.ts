import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import type { Database } from '../../src/database/database.js';
import { RecordAbsent, Records } from '../../src/records/records.js';
import { aDatabase } from '../a-database.js';

let database: Database;
let records: Records;
beforeAll(async () => {
  database = await aDatabase();
  records = new Records(database);
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
  (await sql('SELECT version FROM resource_version WHERE id = $1 ORDER BY version', [id])).map(({ version }) => version);
const search = (token: { system?: string; value?: string }) =>
  records.search(LOCAL_CALLER, {
    type: 'Patient',
    ids: undefined,
    tokens: [{ parameter: 'identifier', values: [{ system: token.system, value: token.value }] }],
    lastUpdated: [],
    limit: 10,
    after: undefined,
  });

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
    const total = async (token: Parameters<typeof search>[0]) => (await search(token)).total;
    expect([
      await total({ value: 'o' }),
      await total({ value: 'n' }),
      await total({ system: 'urn:new', value: 'n' }),
      await total({ system: 'urn:old', value: 'n' }),
    ]).toEqual([0, 1, 1, 0]);
    expect([
      await total({ system: '', value: 'bare' }),
      await total({ system: '', value: 'n' }),
      await total({ system: 'urn:new' }),
    ]).toEqual([1, 0, 1]);
  });

  it('writes all or nothing, with the transaction it is in', async () => {
    await expect(
      database.transaction(async (tx) => {
        await records.write(tx, [aPatient('four')], NOON);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await expect(records.read(LOCAL_CALLER, 'Patient', 'four')).rejects.toThrow(RecordAbsent);
    expect(await sql(`SELECT 1 FROM resource_search WHERE id = 'four'`)).toEqual([]);
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
    await search({ value: 'eight' });
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
