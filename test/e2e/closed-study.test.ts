import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeStudy } from '../../src/archive/gates.sql.js';
import { Database } from '../../src/database/database.js';
import { aChestXray, newUid, type TestInstance } from './instances.js';
import { eventually, Wetread, type StoreAnswer } from './wetread.js';

let wetread: Wetread;
let other: Database;
beforeAll(async () => {
  wetread = await Wetread.start();
  other = new Database(wetread.databaseUrl ?? '', 1);
});
afterAll(async () => {
  await other.close();
  await wetread.remove();
});

/** Holds a study as a change by another server on the same database does, until it is opened. */
async function close(study: string): Promise<{ readonly open: () => Promise<void> }> {
  const closed = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const change = other.transaction(async (tx) => {
    await closeStudy(tx, study);
    closed.resolve();
    await opened.promise;
  });
  await closed.promise;
  return { open: () => (opened.resolve(), change) };
}
/** How many of this server's transactions wait for a gate. */
const waiting = async (): Promise<number> =>
  (
    await wetread.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
  )[0].n;
const some = (study: string, n = 3): TestInstance[] =>
  Array.from({ length: n }, () => aChestXray({ BodyPartExamined: 'HAND', StudyInstanceUID: study }));
const send = (instances: readonly TestInstance[]): Promise<StoreAnswer> => wetread.store(...instances.map(({ bytes }) => bytes));

describe('While a large change or deletion holds a study', () => {
  it('others are stored, in the same request too; what belongs to the study is answered when it is free', async () => {
    const [held, free] = [newUid(), newUid()];
    const { open } = await close(held);
    const intoHeld = some(held);
    const mixed = [...some(held, 1), ...some(free, 1)];
    let answered = 0;
    const answers = [intoHeld, mixed].map(async (instances) => {
      const answer = await send(instances);
      answered += 1;
      return answer;
    });
    await eventually(async () => (await waiting()) > 0 || undefined, 'store that waits');
    for (let i = 0; i < 3; i++) expect((await send(some(newUid()))).status).toBe(200);
    await eventually(async () => (await wetread.fetch(mixed[1].path)).ok || undefined, 'instance of the free study');
    expect(answered).toBe(0);
    await open();
    const stored = (await Promise.all(answers)).flatMap((answer) => answer.stored.map(({ sopInstanceUID }) => sopInstanceUID));
    expect(new Set(stored)).toEqual(new Set([...intoHeld, ...mixed].map(({ sopInstanceUID }) => sopInstanceUID)));
  });

  it('each held study takes one connection, however many senders wait for it', async () => {
    const held = [newUid(), newUid()];
    const closed = await Promise.all(held.map(close));
    const answers = Array.from({ length: 30 }, (_, i) => send(some(held[i % 2], 2)));
    await eventually(async () => (await waiting()) === 2 || undefined, 'two stores that wait');
    for (let i = 0; i < 10; i++) expect((await send(some(newUid()))).status).toBe(200);
    expect(await waiting()).toBe(2);
    await Promise.all(closed.map(({ open }) => open()));
    for (const { status, failed } of await Promise.all(answers)) expect({ status, failed }).toEqual({ status: 200, failed: [] });
  });
});
