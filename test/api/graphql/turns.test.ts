import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { taken, Turns, type Channel } from '../../../src/api/graphql/turns.js';
import { aCaller } from '../../a-caller.js';

const caller = aCaller('radiologist', 'user/*.rs');
const another = { ...caller, tenant: caller.tenant + 1 };

describe('Operations of a caller', () => {
  it('are answered ten at once; others wait their turn, in their order; nobody else waits for them', async () => {
    const turns = new Turns();
    const ends = await Promise.all(Array.from({ length: 10 }, () => turns.take(caller)));
    const begun: number[] = [];
    const later = [0, 1].map((i) => turns.take(caller).then((end) => (begun.push(i), end)));
    await turns.take(another);
    await setImmediate();
    expect(begun).toEqual([]);
    ends[0]();
    ends[0](); // ended twice is ended once
    await later[0];
    expect(begun).toEqual([0]);
    (await later[0])();
    await later[1];
    expect(begun).toEqual([0, 1]);
  });

  it('wait a hundred at most: more are refused with a code and a status', async () => {
    const turns = new Turns();
    for (let i = 0; i < 110; i++) void turns.take(caller);
    await expect(turns.take(caller)).rejects.toMatchObject({ code: 'TOO_MANY_OPERATIONS', status: 429 });
    expect(await turns.take(another)).toEqual(expect.any(Function));
  });

  it('over HTTP are over when their answer was taken, not when it was made', async () => {
    const turns = new Turns();
    const answers = Array.from({ length: 10 }, () => Object.assign(new EventEmitter(), { closed: false, destroy: () => undefined }));
    for (const one of answers) await turns.takeFor(caller, one as never);
    let isNext = false;
    const next = turns.take(caller).then(() => (isNext = true));
    await setImmediate();
    expect(isNext).toBe(false);
    answers[3].emit('close');
    await next;
    expect(isNext).toBe(true);
  });
});

describe('A WebSocket that answers wait in', () => {
  function channel(bufferedAmount: number) {
    const said: unknown[] = [];
    const one = {
      readyState: 1,
      OPEN: 1,
      bufferedAmount,
      close: (code: number) => void said.push(code),
      terminate: () => void said.push('terminated'),
    } satisfies Channel;
    return { one, said };
  }

  it('is given the next when little of them is left', async () => {
    const { one, said } = channel(5 * 2 ** 20);
    let isTaken = false;
    const taking = taken(one).then(() => (isTaken = true));
    await setImmediate();
    expect(isTaken).toBe(false);
    one.bufferedAmount = 0;
    await taking;
    expect(said).toEqual([]);
  });

  it('is closed where nobody takes them for long', async () => {
    const { one, said } = channel(5 * 2 ** 20);
    await taken(one, 10);
    expect(said).toEqual([1013]);
  });
});
