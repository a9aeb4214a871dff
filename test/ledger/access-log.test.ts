import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../src/access/caller.js';
import type { Database } from '../../src/database/database.js';
import { AccessLog, gathered } from '../../src/ledger/access-log.js';
import type { LedgerEvent } from '../../src/ledger/ledger-event.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { aDatabase } from '../a-database.js';

const rita: Caller = { id: 'rita', kind: 'person', tenant: 1 };
const karl: Caller = { id: 'karl', kind: 'person', tenant: 1 };
const study = (id: number) => ({ type: 'study', id: String(id) });

describe('Looks of one moment', () => {
  it('at one study by one caller are one record that names every instance', () => {
    const looks = [4, 5, 4, 6].map((instance) => ({ caller: rita, entity: study(1), what: 'frames', instances: [instance] }));
    expect(gathered(looks)).toEqual([
      { actor: 'rita', action: 'data.fetched', entity: study(1), changes: { what: 'frames', looks: 4, instances: [4, 5, 6] }, reason: '' },
    ]);
  });

  it('of others, at others, or at something else of them stay apart', () => {
    const look = { caller: rita, entity: study(1), what: 'frames', instances: [4] };
    const others = [look, { ...look, caller: karl }, { ...look, entity: study(2) }, { ...look, what: 'metadata' }];
    expect(gathered(others).map(({ actor, entity, changes }) => [actor, entity.id, changes['what']])).toEqual([
      ['rita', '1', 'frames'],
      ['karl', '1', 'frames'],
      ['rita', '2', 'frames'],
      ['rita', '1', 'metadata'],
    ]);
  });

  it('with details stand alone', () => {
    const search = { caller: rita, entity: { type: 'search', id: 'study' }, what: 'search', details: { keys: ['00100020'], matches: 2 } };
    expect(gathered([search, search])).toHaveLength(2);
    expect(gathered([search])[0].changes).toEqual({ what: 'search', keys: ['00100020'], matches: 2 });
  });
});

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

  it('loses none of many that come at once, in few records', async () => {
    const log = new AccessLog(database);
    const before = (await records()).length;
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => log.record({ caller: karl, entity: study(8), what: 'frames', instances: [i] })),
    );
    const fresh = (await records()).slice(before);
    expect(fresh.length).toBeLessThan(20);
    expect(fresh.flatMap(({ changes }) => changes['instances'] as number[]).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
  });
});
