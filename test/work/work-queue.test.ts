import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimWork, enqueueWork } from '../../src/work/work.sql.js';
import { eventually } from '../e2e/wetread.js';
import { database, sql, rows, enqueue, dueNow, waiting, empty, effect, effects, aQueue, aGate, Unlucky } from './queue-under-test.js';

describe('Work that is enqueued', () => {
  it('waits once for a subject, however often it is asked for', async () => {
    await enqueue('a', 'b');
    await enqueue('b');
    await enqueue('a');
    expect(await rows()).toMatchObject([
      { subject: 'a', state: 'waiting' },
      { subject: 'b', state: 'waiting' },
    ]);
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await empty();
    expect((await effects()).sort()).toEqual(['a by queue', 'b by queue']);
  });

  it('is there only if the transaction that enqueued it is committed', async () => {
    await expect(
      database.transaction(async (tx) => {
        await enqueueWork(tx, 'test', ['a']);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
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
    await aQueue({
      concurrency: 4,
      work: async (subject) => {
        order.push(`${subject} begins`);
        await gate.passed;
        order.push(`${subject} ends`);
      },
    });
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
    await aQueue({
      work: async () => {
        tries += 1;
        throw new Unlucky('a secret');
      },
    });
    await enqueue('a');
    const delays: number[] = [];
    for (const attempt of [1, 2]) {
      await eventually(
        async () => ((await rows())[0]['state'] === 'waiting' && tries === attempt ? true : undefined),
        `attempt ${attempt}`,
      );
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
    await aQueue({
      work: async (subject) => {
        if ((tries += 1) === 1) throw new Error('once');
        return effect('queue', subject);
      },
    });
    await enqueue('a');
    await eventually(async () => ((await rows())[0]['lastFault'] === 'internal' ? true : undefined), 'failure');
    await dueNow();
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });

  it('for good does not keep a new item of its subject from being done', async () => {
    let fails = true;
    await aQueue({
      attempts: 1,
      work: async (subject) => {
        if (fails) throw new Unlucky();
        return effect('queue', subject);
      },
    });
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
    await aQueue({
      work: async (subject) => async (tx) => {
        await effect('queue', subject)(tx);
        if ((tries += 1) === 1) throw new Unlucky();
      },
    });
    await enqueue('a');
    await eventually(async () => ((await rows())[0]['lastFault'] === 'unlucky' ? true : undefined), 'failure');
    expect(await effects()).toEqual([]);
    await dueNow();
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });

  it('does not hold up the others', async () => {
    await aQueue({
      work: async (subject) => {
        if (subject === 'b') throw new Unlucky();
        return effect('queue', subject);
      },
    });
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
    await sql(
      `INSERT INTO work (kind, subject, state, attempt, worker, lease_until) VALUES ('test', 'a', 'running', 3, $1, now() - interval '1 s')`,
      [randomUUID()],
    );
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await waiting('dead');
    expect(await effects()).toEqual(['a by gave up: lease-expired']);
  });

  it('is taken over at once by a server that starts alone, and the attempt does not count', async () => {
    await sql(
      `INSERT INTO work (kind, subject, state, attempt, worker, lease_until) VALUES ('test', 'a', 'running', 3, $1, now() + interval '1 hour')`,
      [randomUUID()],
    );
    await aQueue({ work: async (subject) => effect('queue', subject) }, { alone: true });
    await empty();
    expect(await effects()).toEqual(['a by queue']);
  });

  it('is left to it while its lease holds', async () => {
    await sql(
      `INSERT INTO work (kind, subject, state, attempt, worker, lease_until) VALUES ('test', 'a', 'running', 1, $1, now() + interval '1 hour')`,
      [randomUUID()],
    );
    await aQueue({ work: async (subject) => effect('queue', subject) });
    await enqueue('b');
    await eventually(async () => ((await effects()).length > 0 ? true : undefined), 'the other item');
    expect(await effects()).toEqual(['b by queue']);
  });
});
