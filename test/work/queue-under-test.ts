import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import type { Transaction } from '../../src/database/transaction.js';
import { Fault } from '../../src/faults.js';
import { WorkQueue, type WorkHandler } from '../../src/work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../../src/work/work.sql.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { aDatabase } from '../a-database.js';
import { eventually } from '../e2e/wetread.js';

export class Unlucky extends Fault {
  readonly code = 'unlucky';
  readonly status = 503;
}

export let database: Database;
let queues: WorkQueue[] = [];
const log = jest.spyOn(process.stderr, 'write').mockReturnValue(true); // hundreds of events
afterAll(() => log.mockRestore());
beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
  await sql('CREATE TABLE effect (subject text NOT NULL, done_by text NOT NULL)');
});
beforeEach(() => sql('TRUNCATE work, effect'));
afterEach(async () => {
  await Promise.all(queues.map((queue) => queue.stop()));
  queues = [];
});
afterAll(() => database.close());

export const sql = (text: string, values: unknown[] = []) => database.statement((tx) => tx.rows<Record<string, unknown>>(text, values));
export const rows = () => sql('SELECT subject, state, attempt, last_fault AS "lastFault" FROM work ORDER BY id');
export const enqueue = (...subjects: string[]) =>
  database.transaction(async (tx) => {
    await enqueueWork(tx, 'test', subjects);
    await wakeWorkers(tx, 'test');
  });
export const dueNow = async () => {
  await sql(`UPDATE work SET due_at = now() WHERE state = 'waiting'`);
  await sql(`SELECT pg_notify('work', 'test')`);
};
export const waiting = async (state: string) =>
  eventually(async () => ((await rows()).some((row) => row['state'] === state) ? true : undefined), `${state} item`);
export const empty = () => eventually(async () => ((await rows()).length === 0 ? true : undefined), 'end of the work');
export const effect =
  (by: string, subject: string) =>
  async (tx: Transaction): Promise<void> =>
    void (await tx.run('INSERT INTO effect VALUES ($1, $2)', [subject, by]));
export const effects = async () =>
  (await sql('SELECT subject, done_by FROM effect')).map((row) => `${String(row['subject'])} by ${String(row['done_by'])}`);

export interface TestHandler extends Partial<WorkHandler> {
  readonly work: WorkHandler['work'];
}
export async function aQueue(handler: TestHandler, { alone = false } = {}): Promise<WorkQueue> {
  const queue = new WorkQueue(database);
  queue.handle({
    kind: 'test',
    concurrency: 1,
    attempts: 3,
    gaveUp: async (tx, subject, code) => effect(`gave up: ${code}`, subject)(tx),
    ...handler,
  });
  queues.push(queue);
  await queue.start({ alone });
  return queue;
}
/** Something that waits until it is told to go on. */
export function aGate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
