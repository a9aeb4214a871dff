import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Asking } from '../../src/access/asking.js';
import type { Caller } from '../../src/access/caller.js';
import type { Database } from '../../src/database/database.js';
import { AccessLog } from '../../src/ledger/access-log.js';
import type { LedgerEvent } from '../../src/ledger/ledger-event.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { unsealed } from '../../src/ledger/seal.js';
import { aCaller } from '../a-caller.js';
import { aDatabase } from '../a-database.js';

const rita: Caller = { id: 'rita', kind: 'person', tenant: 1 };
const karl: Caller = { id: 'karl', kind: 'person', tenant: 1 };
const study = (id: number) => ({ type: 'study', id: String(id) });

describe('The access log', () => {
  let database: Database;
  beforeAll(async () => {
    database = await aDatabase(SERVER_SCOPE);
  });
  afterAll(() => database.close());

  const records = async () =>
    (await database.statement((tx) => tx.rows<{ event: string }>('SELECT event FROM ledger_record ORDER BY id'))).map(
      ({ event }) => JSON.parse(event) as LedgerEvent,
    );

  it('answers when the look is there for every other connection to see, and waits for the chain', async () => {
    const log = new AccessLog(database);
    await log.record({ caller: rita, entity: study(7), what: 'instances', instances: [70] });
    expect(await records()).toMatchObject([{ actor: 'rita', entity: study(7), changes: { what: 'instances', instances: [70] } }]);
    const [{ n }] = await database.statement((tx) => tx.rows<{ n: number }>('SELECT count(*)::int AS n FROM ledger_unlinked'));
    expect(n).toBe(1);
  });

  it('has a record for each of many that come at once', async () => {
    const log = new AccessLog(database);
    const before = (await records()).length;
    await Promise.all(
      Array.from({ length: 2_000 }, (_, i) => log.record({ caller: karl, entity: study(8), what: 'frames', instances: [i] })),
    );
    const fresh = (await records()).slice(before);
    expect(fresh.flatMap(({ changes }) => changes['instances'] as number[]).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 2_000 }, (_, i) => i),
    );
    expect(fresh).toHaveLength(2_000);
  });

  it('says who looked, why, how and at whom', async () => {
    const log = new AccessLog(database);
    const asking: Asking = { door: 'dicomweb', id: 'b1a7', network: '127.0.0.1', address: 'studies?PatientName=Quixote' };
    const emergency = aCaller('radiologist', 'user/*.rs', {
      client: 'viewer',
      fhirUser: 'Practitioner/7',
      tokenId: 'jti-7',
      tenant: 3,
      purposeOfUse: 'BTG',
      reason: 'Quixote fell off his horse',
      asking,
    });
    await log.record({
      caller: emergency,
      entity: { type: 'search', id: 'study' },
      what: 'search',
      patients: ['p1', 'p2'],
      query: asking.address,
    });
    const [row] = await database.statement((tx) =>
      tx.rows<{ event: string; sealed: Buffer; columns: object }>(
        `SELECT event, sealed, json_build_object('actor', actor, 'agent', agent, 'tenant', tenant, 'action', action, 'type', type, 'patients', patients,
                'outcome', outcome) AS columns FROM ledger_record ORDER BY id DESC LIMIT 1`,
      ),
    );
    expect(JSON.parse(row.event)).toMatchObject({
      actor: 'radiologist',
      who: {
        kind: 'person',
        tenant: 3,
        roles: ['radiologist'],
        client: 'viewer',
        fhirUser: 'Practitioner/7',
        tokenId: 'jti-7',
        network: '127.0.0.1',
      },
      why: 'BTG',
      door: 'dicomweb',
      request: 'b1a7',
      outcome: 'success',
      patients: ['p1', 'p2'],
    });
    expect(row.columns).toEqual({
      actor: 'radiologist',
      agent: 'Practitioner/7',
      tenant: 3,
      action: 'E',
      type: '110112',
      patients: ['p1', 'p2'],
      outcome: 0,
    });
    expect(row.event).not.toContain('Quixote');
    expect(unsealed(row.sealed)).toEqual({ query: 'studies?PatientName=Quixote', reason: 'Quixote fell off his horse' });
  });

  it('has a refusal on record, and knows which requests have left a record', async () => {
    const log = new AccessLog(database);
    const caller = aCaller('patient', 'patient/*.rs', { asking: { door: 'fhir', id: 'b1a8', network: '', address: 'Patient/other' } });
    expect(log.hasRecordOf(caller)).toBe(false);
    await log.refused({ caller, entity: { type: 'Patient', id: 'unknown' }, what: 'resource', status: 404 });
    expect(log.hasRecordOf(caller)).toBe(true);
    expect((await records()).at(-1)).toMatchObject({
      action: 'access.refused',
      outcome: 'refused',
      changes: { what: 'resource', status: 404 },
    });
  });
});
