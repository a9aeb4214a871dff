import { describe, expect, it } from '@jest/globals';
import { dataSource, migrate } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { Linker } from '../../src/ledger/linker.js';
import { verifyChain } from '../../src/ledger/verify.js';
import { SCHEMA } from '../../src/schema.js';
import { newDatabase } from '../e2e/wetread.js';

/** As servers wrote them before events told who asked, by which door, and whose data it was. */
const BEFORE = [
  { action: 'data.fetched', entity: { type: 'Patient', id: 'ann' }, changes: { what: 'resource', version: 1 } },
  {
    action: 'data.fetched',
    entity: { type: 'Patient', id: 'search' },
    changes: { what: 'search', parameters: ['name'], matches: 2, included: 0 },
  },
  { action: 'data.fetched', entity: { type: 'study', id: '7' }, changes: { what: 'frames', looks: 4, instances: [4, 5] } },
  { action: 'data.fetched', entity: { type: 'search', id: 'study' }, changes: { what: 'search', keys: ['00100020'], matches: 1 } },
  { action: 'data.fetched', entity: { type: 'report', id: 'r1' }, changes: { version: 2 } },
  { action: 'instance.received', entity: { type: 'instance', id: '4' }, changes: { sha256: '00' } },
  { action: 'instance.refused', entity: { type: 'file', id: 'unknown' }, changes: {} },
  { action: 'image.failed', entity: { type: 'instance', id: '4' }, changes: {} },
  { action: 'resource.deleted', entity: { type: 'Observation', id: 'o', version: 3 }, changes: {} },
  { action: 'access.refused', entity: { type: 'Patient', id: 'unknown' }, changes: { what: 'resource', status: 404 }, outcome: 'refused' },
];

describe('Records from before they were found by columns', () => {
  it('are found by them, and their text and chain are as they were', async () => {
    const url = await newDatabase();
    await migrate(url, SCHEMA);
    const source = await dataSource(url, SCHEMA).initialize();
    const place = SCHEMA.migrations.findIndex(({ name }) => name === 'Tenants');
    for (let i = SCHEMA.migrations.length; i > place; i--) await source.undoLastMigration({ transaction: 'each' });
    const texts = BEFORE.map((event, i) =>
      JSON.stringify({ occurred_at: `2026-11-2${i}T10:00:00.12${i}Z`, actor: 'local', ...event, reason: '' }),
    );
    for (const text of texts)
      await source.query(
        `WITH record AS (INSERT INTO ledger_record (event) VALUES ($1) RETURNING id) INSERT INTO ledger_unlinked SELECT id FROM record`,
        [text],
      );
    await source.destroy();
    const database = new Database(url, SERVER_SCOPE);
    await new Linker(database).link();
    const hashes = () => database.statement((tx) => tx.rows<{ hash: Buffer }>('SELECT hash FROM ledger_link ORDER BY seq'));
    const before = await hashes();
    await migrate(url, SCHEMA);
    const rows = await database.statement((tx) =>
      tx.rows<Record<string, unknown>>(
        `SELECT event, concat_ws(' ', tenant, actor, action, type, subtype, entity_type || '/' || entity_id, outcome, patients::text) AS found,
                to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM ledger_record ORDER BY id`,
      ),
    );
    expect(rows.map(({ event }) => event)).toEqual(texts);
    expect(rows.map(({ at }) => at)).toEqual(texts.map((text) => (JSON.parse(text) as { occurred_at: string }).occurred_at));
    expect(rows.map(({ found }) => found)).toEqual([
      '1 local R rest read Patient/ann 0 {ann}',
      '1 local E rest search-type Patient/search 0 {}',
      '1 local R 110104 RAD-107 study/7 0 {}',
      '1 local E 110112 RAD-129 search/study 0 {}',
      '1 local R rest read DiagnosticReport/r1 0 {}',
      '1 local C 110104 RAD-108 instance/4 0 {}',
      '1 local C 110104 RAD-108 file/unknown 4 {}',
      '1 local R 110103  instance/4 8 {}',
      '1 local D rest delete Observation/o 0 {}',
      '1 local R rest read Patient/unknown 4 {}',
    ]);
    expect(await hashes()).toEqual(before);
    expect(await verifyChain(database)).toMatchObject({ whole: true, records: BEFORE.length });
    await expect(database.statement((tx) => tx.run(`UPDATE ledger_record SET actor = 'x'`))).rejects.toThrow('append-only');
    await database.close();
  });
});

/** As servers wrote them before logins and changes of accounts had kinds of their own. */
const LOGINS = [
  { actor: 'user:1', action: 'login.succeeded', entity: { type: 'Account', id: '1' }, changes: {}, tenant: 1 },
  { actor: 'anonymous', action: 'login.failed', entity: { type: 'Account', id: 'unknown' }, changes: { at: 'credentials' }, tenant: 1 },
  { actor: 'user:1', action: 'account.created', entity: { type: 'Account', id: '2' }, changes: { roles: ['reviewer'] }, tenant: 1 },
  { actor: 'wetread', action: 'access.ended', entity: { type: 'Grant', id: 'x' }, changes: {}, tenant: 1 },
  { actor: 'local', action: 'model.uploaded', entity: { type: 'model', id: 'm' }, changes: {} },
];

describe('Logins and changes of accounts from before they had kinds', () => {
  it('are found as what they are, and their text and chain are as they were', async () => {
    const url = await newDatabase();
    await migrate(url, SCHEMA);
    const source = await dataSource(url, SCHEMA).initialize();
    const place = SCHEMA.migrations.findIndex(({ name }) => name === 'LoginKinds');
    for (let i = SCHEMA.migrations.length; i > place; i--) await source.undoLastMigration({ transaction: 'each' });
    for (const event of LOGINS)
      await source.query(
        `WITH record AS (
           INSERT INTO ledger_record (event, occurred_at, tenant, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome)
           VALUES ($1, '2026-11-20T10:00:00.123Z', 1, $2, '', 'E', '110100', '', $3, $4, '{}', 0) RETURNING id)
         INSERT INTO ledger_unlinked SELECT id FROM record`,
        [
          JSON.stringify({ occurred_at: '2026-11-20T10:00:00.123Z', ...event, reason: '' }),
          event.actor,
          event.entity.type,
          event.entity.id,
        ],
      );
    await source.destroy();
    const database = new Database(url, SERVER_SCOPE);
    await new Linker(database).link();
    await migrate(url, SCHEMA);
    const rows = await database.statement((tx) =>
      tx.rows<{ found: string }>(`SELECT concat_ws(' ', action, type, subtype, outcome) AS found FROM ledger_record ORDER BY id`),
    );
    expect(rows.map(({ found }) => found)).toEqual([
      'E 110114 110122 0',
      'E 110114 110122 4',
      'E 110113 110137 0',
      'E 110114 110123 0',
      'E 110100  0',
    ]);
    expect(await verifyChain(database)).toMatchObject({ whole: true, records: LOGINS.length });
    await expect(database.statement((tx) => tx.run(`UPDATE ledger_record SET actor = 'x'`))).rejects.toThrow('append-only');
    await database.close();
  });
});
