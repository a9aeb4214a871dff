import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/database/database.js';
import type { Transaction } from '../../src/database/transaction.js';
import { Fault } from '../../src/faults.js';
import { WorkQueue, type WorkHandler } from '../../src/work/work-queue.js';
import { claimWork, enqueueWork, wakeWorkers } from '../../src/work/work.sql.js';
import { aDatabase } from '../a-database.js';
import { eventually } from '../e2e/wetread.js';

class Unlucky extends Fault {
  readonly code = 'unlucky';
  readonly status = 503;
}

let database: Database;
let queues: WorkQueue[] = [];
const log = jest.spyOn(process.stderr, 'write').mockReturnValue(true); // hundreds of events
afterAll(() => log.mockRestore());
beforeAll(async () => {
  database = await aDatabase();
  await sql('CREATE TABLE effect (subject text NOT NULL, done_by text NOT NULL)');
});
beforeEach(() => sql('TRUNCATE work, effect'));
afterEach(async () => {
  await Promise.all(queues.map((queue) => queue.stop()));
  queues = [];
});
afterAll(() => database.close());

const sql = (text: string, values: unknown[] = []) => database.statement((tx) => tx.rows<Record<string, unknown>>(text, values));
const rows = () => sql('SELECT subject, state, attempt, last_fault AS "lastFault" FROM work ORDER BY id');
const enqueue = (...subjects: string[]) => database.transaction(async (tx) => {
  await enqueueWork(tx, 'test', subjects);
  await wakeWorkers(tx, 'test');
});
const dueNow = async () => {
  await sql(`UPDATE work SET due_at = now() WHERE state = 'waiting'`);
  await sql(`SELECT pg_notify('work', 'test')`);
};
const waiting = async (state: string) => eventually(async () => ((await rows()).some((row) => row['state'] === state) ? true : undefined), `${state} item`);
const empty = () => eventually(async () => ((await rows()).length === 0 ? true : undefined), 'end of the work');
const effect = (by: string, subject: string) => async (tx: Transaction): Promise<void> => void (await tx.run('INSERT INTO effect VALUES ($1, $2)', [subject, by]));
const effects = async () => (await sql('SELECT subject, done_by FROM effect')).map((row) => `${String(row['subject'])} by ${String(row['done_by'])}`);

interface TestHandler extends Partial<WorkHandler> { readonly work: WorkHandler['work'] }
async function aQueue(handler: TestHandler, { alone = false } = {}): Promise<WorkQueue> {
  const queue = new WorkQueue(database);
  queue.handle({ kind: 'test', concurrency: 1, attempts: 3, gaveUp: async (tx, subject, code) => effect(`gave up: ${code}`, subject)(tx), ...handler });
  queues.push(queue);
  await queue.start({ alone });
  return queue;
}
/** Something that waits until it is told to go on. */
function aGate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

describe('Work that is enqueued', () => {
  it('waits once for a subject, however often it is asked for', async () => {
    await enqueue('a', 'b');
    await enqueue('b');
    await enqueue('a');
    expect(await rows()).toMatchObject([{ subject: 'a', state: 'waiting' }, { subject: 'b', state: 'waiting' }]);
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await empty();
    expect((await effects()).sort()).toEqual(['a by queue', 'b by queue']);
  });

  it('is there only if the transaction that enqueued it is committed', async () => {
    await expect(database.transaction(async (tx) => {
      await enqueueWork(tx, 'test', ['a']);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it('is begun at once, not at the next look', async () => {
    await aQueue({ work: async (subject) => effect('queue', subject) });
    const began = performance.now();
    await enqueue('a');
    await empty();
    expect(performance.now() - began).toBeLessThan(1_500); // the net below NOTIFY has 2 s
  });

  it('is not begun before it is due', async () => {
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await database.transaction((tx) => enqueueWork(tx, 'test', ['a'], 1));
    await dueIn();
    expect(await rows()).toMatchObject([{ state: 'waiting' }]);
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });
  const dueIn = () => sleep(300);

  it('for a subject that is being worked on is done after it, not beside it', async () => {
    const [gate, order] = [aGate(), [] as string[]];
    await aQueue({ concurrency: 4, work: async (subject) => {
      order.push(`${subject} begins`);
      await gate.passed;
      order.push(`${subject} ends`);
    } });
    await enqueue('a');
    await waiting('running');
    await enqueue('a');
    await sleep(200);
    expect(order).toEqual(['a begins']);
    gate.open();
    await empty();
    expect(order).toEqual(['a begins', 'a ends', 'a begins', 'a ends']);
  });
});

describe('A claim', () => {
  it('takes the first that are due and no more than its limit, also where the planner thinks that there is one row', async () => {
    await enqueue('first');
    await sql('ANALYZE work'); // so it joins by a nested loop
    await sql(`INSERT INTO work (kind, subject, priority) SELECT 'test', 's' || n, n / 9 FROM generate_series(1, 9) AS n`);
    const claim = () => database.statement((tx) => claimWork(tx, 'test', randomUUID(), 2, 30));
    expect((await claim()).map(({ subject }) => subject).sort()).toEqual(['first', 's9']);
    expect((await claim()).map(({ subject }) => subject).sort()).toEqual(['s1', 's2']);
    expect((await claim()).map(({ attempt }) => attempt)).toEqual([1, 1]);
  });
});

describe('Work that fails', () => {
  it('is tried again, later and later, then given up visibly, on record in the same transaction', async () => {
    let tries = 0;
    await aQueue({ work: async () => {
      tries += 1;
      throw new Unlucky('a secret');
    } });
    await enqueue('a');
    const delays: number[] = [];
    for (const attempt of [1, 2]) {
      await eventually(async () => ((await rows())[0]['state'] === 'waiting' && tries === attempt ? true : undefined), `attempt ${attempt}`);
      const [{ delay }] = await sql('SELECT extract(epoch FROM due_at - now())::float8 AS delay FROM work');
      delays.push(Number(delay));
      await dueNow();
    }
    await waiting('dead');
    expect(delays[0]).toBeGreaterThan(0.3);
    expect(delays[1]).toBeGreaterThan(delays[0]);
    expect(tries).toBe(3);
    expect(await rows()).toEqual([{ subject: 'a', state: 'dead', attempt: 3, lastFault: 'unlucky' }]);
    expect(await effects()).toEqual(['a by gave up: unlucky']);
  });

  it('and works the next time is done once, and leaves no trace', async () => {
    let tries = 0;
    await aQueue({ work: async (subject) => {
      if ((tries += 1) === 1) throw new Error('once');
      return effect('queue', subject);
    } });
    await enqueue('a');
    await eventually(async () => ((await rows())[0]['lastFault'] === 'internal' ? true : undefined), 'failure');
    await dueNow();
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });

  it('for good does not keep a new item of its subject from being done', async () => {
    let fails = true;
    await aQueue({ attempts: 1, work: async (subject) => {
      if (fails) throw new Unlucky();
      return effect('queue', subject);
    } });
    await enqueue('a');
    await waiting('dead');
    fails = false;
    await enqueue('a');
    await eventually(async () => ((await rows()).length === 1 ? true : undefined), 'new item done');
    expect(await rows()).toMatchObject([{ state: 'dead' }]);
    expect(await effects()).toContain('a by queue');
  });

  it('in its effect writes nothing and stays undone: effect and completion commit together', async () => {
    let tries = 0;
    await aQueue({ work: async (subject) => async (tx) => {
      await effect('queue', subject)(tx);
      if ((tries += 1) === 1) throw new Unlucky();
    } });
    await enqueue('a');
    await eventually(async () => ((await rows())[0]['lastFault'] === 'unlucky' ? true : undefined), 'failure');
    expect(await effects()).toEqual([]);
    await dueNow();
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });

  it('does not hold up the others', async () => {
    await aQueue({ work: async (subject) => {
      if (subject === 'b') throw new Unlucky();
      return effect('queue', subject);
    } });
    await enqueue('a', 'b', 'c');
    await eventually(async () => ((await effects()).length === 2 ? true : undefined), 'the others');
    expect((await effects()).sort()).toEqual(['a by queue', 'c by queue']);
  });
});

describe('Work whose worker is lost', () => {
  it('is taken over when its lease runs out, and what the lost one writes late does not count', async () => {
    const gate = aGate();
    await aQueue({ work: async (subject) => gate.passed.then(() => effect('the lost one', subject)) });
    await enqueue('a');
    await waiting('running');
    await sql(`UPDATE work SET lease_until = now() - interval '1 s'`);
    await aQueue({ work: async (subject) => effect('the other', subject) });
    await eventually(async () => ((await effects()).length > 0 ? true : undefined), 'effect');
    gate.open();
    await sleep(200);
    expect(await effects()).toEqual(['a by the other']);
    expect(await rows()).toEqual([]);
  });

  it('again and again is given up: it may be what kills them', async () => {
    await sql(`INSERT INTO work (kind, subject, state, attempt, worker, lease_until) VALUES ('test', 'a', 'running', 3, $1, now() - interval '1 s')`, [randomUUID()]);
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await waiting('dead');
    expect(await effects()).toEqual(['a by gave up: lease-expired']);
  });

  it('is taken over at once by a server that starts alone, and the attempt does not count', async () => {
    await sql(`INSERT INTO work (kind, subject, state, attempt, worker, lease_until) VALUES ('test', 'a', 'running', 3, $1, now() + interval '1 hour')`, [randomUUID()]);
    await aQueue({ work: async (subject) => effect('queue', subject) }, { alone: true });
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });

  it('is left to it while its lease holds', async () => {
    await sql(`INSERT INTO work (kind, subject, state, attempt, worker, lease_until) VALUES ('test', 'a', 'running', 1, $1, now() + interval '1 hour')`, [randomUUID()]);
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await enqueue('b');
    await eventually(async () => ((await effects()).length > 0 ? true : undefined), 'the other item');
    expect(await effects()).toEqual(['b by queue']);
  });
});

describe('Two queues on one database', () => {
  it('share the work: each item is done once, none twice at once, none beyond its concurrency', async () => {
    const subjects = Array.from({ length: 120 }, (_, i) => `s${i % 40}-${Math.floor(i / 40)}`);
    const active = new Map<string, number>();
    const most = { queue: 0, subject: 0 };
    const worker = (by: string) => {
      let here = 0;
      return async (subject: string) => {
        most.queue = Math.max(most.queue, (here += 1));
        active.set(subject, (active.get(subject) ?? 0) + 1);
        most.subject = Math.max(most.subject, active.get(subject) ?? 0);
        await sleep(Math.random() * 8);
        active.set(subject, (active.get(subject) ?? 1) - 1);
        here -= 1;
        return effect(by, subject);
      };
    };
    await Promise.all(['one', 'other'].map((by) => aQueue({ concurrency: 3, work: worker(by) })));
    for (let from = 0; from < subjects.length; from += 30) await enqueue(...subjects.slice(from, from + 30));
    await empty();
    const done = await effects();
    expect(done.map((text) => text.split(' ')[0]).sort()).toEqual([...subjects].sort());
    expect(new Set(done.map((text) => text.split(' ')[2]))).toEqual(new Set(['one', 'other']));
    expect(most).toEqual({ queue: 3, subject: 1 });
  });

  it('both hear what is told on a channel, and no more after they stopped listening', async () => {
    const heard: string[] = [];
    const [one, other] = [await aQueue({ work: async () => undefined }), await aQueue({ work: async () => undefined })];
    const stop = one.listen('news', (text) => void heard.push(`one: ${text}`));
    other.listen('news', (text) => void heard.push(`other: ${text}`));
    await eventually(async () => {
      await sql(`SELECT pg_notify('news', 'first')`);
      return new Set(heard).size === 2 ? true : undefined;
    }, 'both');
    stop();
    await sql(`SELECT pg_notify('news', 'second')`);
    await eventually(() => Promise.resolve(heard.includes('other: second') ? true : undefined), 'the second');
    expect(heard).not.toContain('one: second');
  });
});

describe('A queue that is stopped', () => {
  it('waits for what it has in hand, and leaves nothing claimed', async () => {
    for (let i = 0; i < 40; i++) {
      let here = 0;
      const queue = await aQueue({ concurrency: 3, work: async () => {
        here += 1;
        await sleep(5);
        here -= 1;
      } });
      await enqueue(...Array.from({ length: 20 }, (_, n) => `${i}-${n}`));
      await sleep(Math.random() * 15);
      await queue.stop();
      expect(here).toBe(0);
      expect((await rows()).filter(({ state }) => state === 'running')).toEqual([]);
    }
  });
});
