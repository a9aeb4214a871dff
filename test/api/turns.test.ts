import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { byChannel, byResponse, type Channel } from '../../src/api/leaving.js';
import { Turns } from '../../src/api/turns.js';
import { aCaller } from '../a-caller.js';

const caller = aCaller('radiologist', 'user/*.rs');
/** A response that nobody has taken yet. */
const aResponse = () => Object.assign(new EventEmitter(), { closed: false, destroyed: false, writableEnded: false });
const there = () => byResponse(aResponse());
const another = { ...caller, tenant: caller.tenant + 1 };

describe('Operations of a caller', () => {
  it('are answered ten at once; others wait their turn, in their order; nobody else waits for them', async () => {
    const turns = new Turns();
    const ends = await Promise.all(Array.from({ length: 10 }, () => turns.take(caller, there())));
    const begun: number[] = [];
    const later = [0, 1].map((i) => turns.take(caller, there()).then((end) => (begun.push(i), end)));
    await turns.take(another, there());
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
    for (let i = 0; i < 110; i++) void turns.take(caller, there());
    await expect(turns.take(caller, there())).rejects.toMatchObject({ code: 'TOO_MANY_OPERATIONS', status: 429 });
    expect(await turns.take(another, there())).toEqual(expect.any(Function));
  });

  it('are none of who hung up while they waited', async () => {
    const turns = new Turns();
    const ends = await Promise.all(Array.from({ length: 10 }, () => turns.take(caller, there())));
    const response = aResponse();
    const waiting = turns.take(caller, byResponse(response));
    const next = turns.take(caller, there());
    response.emit('close');
    await expect(waiting).rejects.toMatchObject({ code: 'caller-gone' });
    ends[0]();
    expect(await next).toEqual(expect.any(Function));
    await expect(turns.take(caller, byResponse(Object.assign(aResponse(), { closed: true })))).rejects.toMatchObject({
      code: 'caller-gone',
    });
  });

  it('keep their places where others hang up in the moment that their turn comes', async () => {
    const turns = new Turns();
    const ends = await Promise.all(Array.from({ length: 10 }, () => turns.take(caller, there())));
    const channel = Object.assign(new EventEmitter(), { closed: false, destroyed: false, writableEnded: false });
    channel.once('close', () => ends[0]());
    const gone = [0, 1].map(() => turns.take(caller, byResponse(channel)));
    const next = turns.take(caller, there());
    channel.emit('close');
    (await gone[0])();
    await expect(gone[1]).rejects.toMatchObject({ code: 'caller-gone' });
    expect(await next).toEqual(expect.any(Function));
  });

  it('over HTTP go on after who hung up until they are made', async () => {
    const turns = new Turns();
    const answers = Array.from({ length: 10 }, aResponse);
    const made = await Promise.all(answers.map((one) => turns.takeFor(caller, byResponse(one), () => undefined)));
    let isNext = false;
    const next = turns.take(caller, there()).then(() => (isNext = true));
    answers[3].closed = true;
    answers[3].emit('close');
    await setImmediate();
    expect(isNext).toBe(false);
    made[3].made();
    await next;
    expect(isNext).toBe(true);
  });

  it('over HTTP are over when an answer was given that nobody made, such as that a request is none', async () => {
    const turns = new Turns();
    const answers = Array.from({ length: 10 }, aResponse);
    for (const one of answers) await turns.takeFor(caller, byResponse(one), () => undefined);
    const next = turns.take(caller, there());
    Object.assign(answers[0], { writableEnded: true }).emit('close');
    expect(await next).toEqual(expect.any(Function));
  });

  it('leave room for events of subscriptions, which are never refused', async () => {
    const turns = new Turns();
    const ends = await Promise.all(Array.from({ length: 10 }, () => turns.take(caller, there())));
    const events = Array.from({ length: 150 }, () => turns.take(caller, there(), 'event'));
    const operation = turns.take(caller, there());
    ends.forEach((end) => end());
    for (const one of events) (await one)();
    expect(await operation).toEqual(expect.any(Function));
  });

  it('over HTTP are over when their answer was taken, not when it was made', async () => {
    const turns = new Turns();
    const answers = Array.from({ length: 10 }, aResponse);
    for (const one of answers) (await turns.takeFor(caller, byResponse(one), () => undefined)).made();
    let isNext = false;
    const next = turns.take(caller, there()).then(() => (isNext = true));
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
    const one = Object.assign(new EventEmitter(), {
      readyState: 1,
      OPEN: 1,
      bufferedAmount,
      close: (code: number) => void said.push(code),
      terminate: () => void said.push('terminated'),
    }) satisfies Channel;
    return { one, said };
  }

  it('is given the next when little of them is left', async () => {
    const { one, said } = channel(5 * 2 ** 20);
    let isTaken = false;
    const taking = byChannel(one)
      .taken()
      .then(() => (isTaken = true));
    await setImmediate();
    expect(isTaken).toBe(false);
    one.bufferedAmount = 0;
    await taking;
    expect(said).toEqual([]);
  });

  it('is closed where nobody takes them for long', async () => {
    const { one, said } = channel(5 * 2 ** 20);
    await byChannel(one, 10).taken();
    expect(said).toEqual([1013]);
  });
});
