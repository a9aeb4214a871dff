import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../e2e/wetread.js';
import { sql, rows, enqueue, empty, effect, effects, aQueue } from './queue-under-test.js';

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
      const queue = await aQueue({
        concurrency: 3,
        work: async () => {
          here += 1;
          await sleep(5);
          here -= 1;
        },
      });
      await enqueue(...Array.from({ length: 20 }, (_, n) => `${i}-${n}`));
      await sleep(Math.random() * 15);
      await queue.stop();
      expect(here).toBe(0);
      expect((await rows()).filter(({ state }) => state === 'running')).toEqual([]);
    }
  });
});
