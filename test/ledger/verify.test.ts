import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/database/database.js';
import type { LedgerEvent } from '../../src/ledger/ledger-event.js';
import { appendRecords } from '../../src/ledger/append-records.sql.js';
import { Linker } from '../../src/ledger/linker.js';
import { verifyChain } from '../../src/ledger/verify.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { aDatabase } from '../a-database.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
/** A data folder that no server has worked in: nothing but the chain speaks for itself. */
const NOWHERE = '/nonexistent/wetread';
const UNSEEN = `No server has kept in ${NOWHERE} how far it had come (ledger-heads.jws): records cut off its end would not be missed.\n`;
const opened: Database[] = [];
let database: Database;
beforeEach(async () => opened.push((database = await aDatabase(SERVER_SCOPE))));
afterAll(() => Promise.all(opened.map((one) => one.close())));

const anEvent = (id: number): LedgerEvent => ({
  actor: 'test',
  action: 'data.fetched',
  entity: { type: 'study', id: String(id) },
  changes: { matches: id },
  reason: '',
  patients: ['b', 'a'],
  ...(id === 5 && { sealed: { query: 'Patient?name=Quixote' } }),
});
const append = (count: number): Promise<void> =>
  database.transaction((tx) =>
    appendRecords(
      tx,
      Array.from({ length: count }, (_, i) => anEvent(i + 1)),
    ),
  );
const sql = (text: string) => database.statement((tx) => tx.rows<Record<string, unknown>>(text));
/** What somebody can do who owns the whole database cluster. */
const tamper = (...statements: string[]) =>
  database.transaction(async (tx) => {
    for (const table of ['ledger_record', 'ledger_link']) await tx.rows(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    for (const statement of statements) await tx.rows(statement);
    for (const table of ['ledger_record', 'ledger_link'])
      for (const trigger of ['append_only', 'append_only_whole']) await tx.rows(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`);
  });
const check = (): { code: number | null; said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHECK], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, WETREAD_DATA: NOWHERE },
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
};

describe('The ledger in the database', () => {
  it('keeps every event of a transaction in its order, without a gap, or none of them', async () => {
    await append(3);
    await expect(
      database.transaction(async (tx) => {
        await appendRecords(tx, [anEvent(99)]);
        throw new Error('the change failed');
      }),
    ).rejects.toThrow('the change failed');
    await append(2);
    await new Linker(database).link();
    const rows = await sql(`SELECT l.seq, r.event FROM ledger_link l JOIN ledger_record r ON r.id = l.record_id ORDER BY l.seq`);
    expect(rows.map(({ seq, event }) => [seq, (JSON.parse(String(event)) as LedgerEvent).entity.id])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
      [4, '1'],
      [5, '2'],
    ]);
    expect(await verifyChain(database)).toMatchObject({ whole: true, records: 5 });
    expect(await sql('SELECT * FROM ledger_unlinked')).toEqual([]);
  });

  it('is linked once by linkers that work at the same time', async () => {
    await append(2_500);
    await Promise.all(Array.from({ length: 4 }, () => new Linker(database).link()));
    await new Linker(database).link();
    expect(await verifyChain(database)).toMatchObject({ whole: true, records: 2_500 });
  });

  it('goes on though somebody marks records that are chained already, or that are not there yet', async () => {
    await append(3);
    await new Linker(database).link();
    await sql('INSERT INTO ledger_unlinked SELECT generate_series(1, 5)');
    await append(3);
    await new Linker(database).link();
    expect(await verifyChain(database)).toMatchObject({ whole: true, records: 6 });
    expect(await sql('SELECT * FROM ledger_unlinked')).toEqual([]);
  });

  it.each(['no JSON', '[1e999]', '"x"', 'null', '{"seq":"1e999","changes":1e999}'])(
    'goes on though a record says %s, which the check names',
    async (event) => {
      await append(1);
      await sql(
        `WITH record AS (INSERT INTO ledger_record (event, occurred_at, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome)
         VALUES ('${event}', now(), 'x', '', 'R', '', '', '', '', '{}', 0) RETURNING id) INSERT INTO ledger_unlinked SELECT id FROM record`,
      );
      await append(1);
      await new Linker(database).link();
      expect(await sql('SELECT * FROM ledger_unlinked')).toEqual([]);
      expect(await verifyChain(database)).toMatchObject({ whole: false, code: 'E_COLUMNS', seq: 2, rows: [2] });
    },
  );

  it.each([
    'UPDATE ledger_record SET event = event',
    `UPDATE ledger_record SET patients = '{somebody-else}'`,
    'UPDATE ledger_record SET sealed = NULL',
    'DELETE FROM ledger_record',
    'TRUNCATE ledger_record',
    'UPDATE ledger_link SET seq = seq',
    'DELETE FROM ledger_link WHERE seq = 1',
    'TRUNCATE ledger_link',
    'TRUNCATE ledger_record, ledger_link CASCADE',
    `SET session_replication_role = replica; DELETE FROM ledger_record`,
  ])("refuses, to the tables' owner too: %s", async (statement) => {
    await append(2);
    await new Linker(database).link();
    await expect(sql(statement)).rejects.toThrow('the ledger is append-only');
    expect(await verifyChain(database)).toMatchObject({ whole: true, records: 2 });
  });
});

describe('The roles that requests are served by', () => {
  it.each(
    ['wetread_tenant', 'wetread_accounts'].flatMap((role) =>
      ['UPDATE ledger_record SET event = event', 'DELETE FROM ledger_record', 'TRUNCATE ledger_record', 'DELETE FROM ledger_link'].map(
        (statement) => [role, statement] as const,
      ),
    ),
  )('have no right to it at all: %s, %s', async (role, statement) => {
    await append(1);
    await expect(sql(`BEGIN; SET LOCAL ROLE ${role}; ${statement}`)).rejects.toThrow('permission denied for table ledger_');
  });
});

describe('The check of the ledger', () => {
  it('finds a whole chain whole, what was committed a moment ago included: exit 0', async () => {
    await append(5);
    expect(check()).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^The ledger is whole: 5 records, 0 checkpoints, head [0-9a-f]{64}, checked in [\d.]+ s\.\nNo server has kept .*\n$/,
      ),
    });
  });

  it('finds an empty ledger whole', () => {
    expect(check()).toMatchObject({ code: 0, said: expect.stringContaining('whole: 0 records') });
  });

  it.each([
    [
      'a record that was changed',
      [`UPDATE ledger_record SET event = replace(event, '"matches":3', '"matches":4')`],
      'E_HASH at record 3 of the chain (AuditEvent/3); 2 records',
    ],
    [
      'a record that is no JSON any more',
      [`UPDATE ledger_record SET event = 'gone' WHERE id = 3`],
      'E_HASH at record 3 of the chain (AuditEvent/3); 2 records',
    ],
    [
      'a record that was removed',
      ['DELETE FROM ledger_record WHERE id = 4'],
      'E_REMOVED at record 4 of the chain (AuditEvent/4); 3 records',
    ],
    [
      'a record that was removed with its link',
      ['DELETE FROM ledger_record WHERE id = 2', 'DELETE FROM ledger_link WHERE seq = 2'],
      'E_GAP at record 2 of the chain; 1 records',
    ],
    [
      'the first record removed with its link',
      ['DELETE FROM ledger_record WHERE id = 1', 'DELETE FROM ledger_link WHERE seq = 1'],
      'E_GAP at record 1 of the chain; 0 records',
    ],
    [
      'a removed record whose number was closed up',
      [
        'DELETE FROM ledger_record WHERE id = 2',
        'DELETE FROM ledger_link WHERE seq = 2',
        'UPDATE ledger_link SET seq = -seq WHERE seq > 2',
        'UPDATE ledger_link SET seq = -seq - 1 WHERE seq < 0',
      ],
      'E_HASH at record 2 of the chain (AuditEvent/3); 1 records',
    ],
    [
      'two records that were swapped',
      [`UPDATE ledger_record r SET event = o.event FROM ledger_record o WHERE (r.id, o.id) IN ((2, 3), (3, 2))`],
      'E_HASH at record 2 of the chain (AuditEvent/2); 1 records',
    ],
    [
      'two links that were swapped',
      [
        'UPDATE ledger_link SET record_id = -record_id WHERE seq IN (3, 4)',
        'UPDATE ledger_link SET record_id = 7 + record_id WHERE seq IN (3, 4)',
      ],
      'E_HASH at record 3 of the chain (AuditEvent/4); 2 records',
    ],
    [
      'a hash that was changed',
      [`UPDATE ledger_link SET hash = set_byte(hash, 31, get_byte(hash, 31) # 1) WHERE seq = 5`],
      'E_HASH at record 5 of the chain (AuditEvent/5); 4 records',
    ],
    [
      'the last hash changed',
      [`UPDATE ledger_link SET hash = set_byte(hash, 0, get_byte(hash, 0) # 128) WHERE seq = 6`],
      'E_HASH at record 6 of the chain (AuditEvent/6); 5 records',
    ],
    ['a link that was removed', ['DELETE FROM ledger_link WHERE seq = 6'], 'E_STRAY (AuditEvent/6); 5 records'],
    [
      'a record that was put in beside the chain',
      [
        `INSERT INTO ledger_record (event, occurred_at, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome)
         VALUES ('{}', now(), '', '', 'R', '', '', '', '', '{}', 0)`,
      ],
      'E_STRAY (AuditEvent/7); 6 records',
    ],
    [
      'whom a record is found by',
      [`UPDATE ledger_record SET patients = '{somebody-else}' WHERE id = 3`],
      'E_COLUMNS at record 3 of the chain (AuditEvent/3); 2 records',
    ],
    [
      'the time a record is found by',
      [`UPDATE ledger_record SET occurred_at = occurred_at - interval '1 ms' WHERE id = 3`],
      'E_COLUMNS at record 3 of the chain (AuditEvent/3); 2 records',
    ],
    [
      'who a record is found by',
      [`UPDATE ledger_record SET actor = 'nobody' WHERE id = 2`],
      'E_COLUMNS at record 2 of the chain (AuditEvent/2); 1 records',
    ],
    [
      'whose organisation a record is of',
      ['UPDATE ledger_record SET tenant = 2 WHERE id = 6'],
      'E_COLUMNS at record 6 of the chain (AuditEvent/6); 5 records',
    ],
    [
      'how a record says that it ended',
      ['UPDATE ledger_record SET outcome = 4 WHERE id = 1'],
      'E_COLUMNS at record 1 of the chain (AuditEvent/1); 0 records',
    ],
    [
      'what was asked for',
      [`UPDATE ledger_record SET sealed = sealed || 'x'::bytea WHERE id = 5`],
      'E_SEALED at record 5 of the chain (AuditEvent/5); 4 records',
    ],
    [
      'what was asked for, taken away',
      ['UPDATE ledger_record SET sealed = NULL WHERE id = 5'],
      'E_SEALED at record 5 of the chain (AuditEvent/5); 4 records',
    ],
    [
      'what was never asked for',
      [`UPDATE ledger_record SET sealed = 'x' WHERE id = 4`],
      'E_SEALED at record 4 of the chain (AuditEvent/4); 3 records',
    ],
  ])('names the first that is broken: %s: exit 1', async (_, statements, said) => {
    await append(6);
    await new Linker(database).link();
    await tamper(...statements);
    expect(check()).toEqual({ code: 1, said: `The ledger is BROKEN: ${said} before it are whole.\n${UNSEEN}` });
  });

  it('says so where it cannot check: exit 2', () => {
    const { status, stderr } = spawnSync(process.execPath, [CHECK], {
      env: { PATH: process.env['PATH'], WETREAD_DATA: '/nonexistent/wetread' },
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('There is no ledger in /nonexistent/wetread');
  });
});
