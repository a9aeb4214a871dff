import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { getIntrospectionQuery } from 'graphql';
import { WebSocket, type RawData } from 'ws';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
const opened: WebSocket[] = [];
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(async () => {
  for (const one of opened) one.terminate();
  await wetread.remove();
});

function socket(at = wetread.url): WebSocket {
  const one = new WebSocket(`${at.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  one.on('error', () => undefined);
  opened.push(one);
  return one;
}
const closed = async (one: WebSocket): Promise<number> => ((await once(one, 'close')) as [number])[0];
const heard = async (one: WebSocket): Promise<{ type: string; payload?: unknown }> =>
  JSON.parse(String(((await once(one, 'message')) as [RawData])[0])) as { type: string };
async function acknowledged(one = socket()): Promise<WebSocket> {
  await once(one, 'open');
  one.send(JSON.stringify({ type: 'connection_init' }));
  expect(await heard(one)).toEqual({ type: 'connection_ack' });
  return one;
}
const long = (characters: number): string => 'x'.repeat(characters);

describe('A WebSocket that nobody knows', () => {
  it('is not heard at length', async () => {
    const stranger = socket();
    await once(stranger, 'open');
    const over = closed(stranger);
    stranger.send(JSON.stringify({ type: 'connection_init', payload: { authorization: long(2 ** 20) } }));
    const answer = await Promise.race([over, heard(stranger)]);
    expect(answer).toBe(1006);
  });

  it('has 3 seconds to say who it is', async () => {
    const stranger = socket();
    await once(stranger, 'open');
    expect(await closed(stranger)).toBe(4408);
  });

  it('is one of 100 of its address', async () => {
    const strangers = Array.from({ length: 100 }, () => socket());
    await Promise.all(strangers.map((one) => once(one, 'open')));
    const [error] = (await once(socket(), 'error')) as [Error];
    expect(error.message).toContain('429');
    strangers[0].terminate();
    await eventually(async () => {
      const next = socket();
      return once(next, 'open').then(
        () => true,
        () => undefined,
      );
    }, 'place');
    for (const one of strangers) one.terminate();
  });
});

describe('A WebSocket of somebody', () => {
  it('whose answers nobody takes gets no more of them made until they are taken', async () => {
    const one = await acknowledged();
    one.pause();
    const answers: string[] = [];
    one.on('message', (data: RawData) => answers.push((JSON.parse(String(data)) as { type: string }).type));
    const looks = async (): Promise<number> => {
      const [{ n }] = await wetread.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM ledger_record WHERE event::jsonb ->> 'action' = 'data.fetched'`,
      );
      return n;
    };
    const before = await looks();
    const query = `{ studies { edges { cursor } } ${getIntrospectionQuery().replace(/^\s*query IntrospectionQuery \{([\s\S]*?)\n {4}\}\n/, '$1 } ')}`;
    for (let i = 0; i < 100; i++) one.send(JSON.stringify({ type: 'subscribe', id: String(i), payload: { query } }));
    let last = -1;
    await eventually(async () => {
      const now = await looks();
      const isStill = now === last && now > before;
      last = now;
      return isStill ? true : undefined;
    }, 'no more');
    expect(last - before).toBeLessThan(90);
    one.resume();
    await eventually(() => Promise.resolve(answers.filter((type) => type === 'complete').length === 100 ? true : undefined), 'answers');
    expect(await looks()).toBe(before + 100);
    one.terminate();
  });

  it('is one of 100 of its caller', async () => {
    const all: WebSocket[] = [];
    for (let i = 0; i < 100; i++) all.push(await acknowledged());
    const more = socket();
    await once(more, 'open');
    const over = closed(more);
    more.send(JSON.stringify({ type: 'connection_init' }));
    expect(await over).toBe(4429);
    all[0].terminate();
    await eventually(
      () =>
        acknowledged().then(
          () => true,
          () => undefined,
        ),
      'place',
    );
    for (const each of all) each.terminate();
  });

  it('that breaks while answers are on their way is no fault of the server’s', async () => {
    for (let i = 0; i < 5; i++) {
      const one = await acknowledged();
      for (let n = 0; n < 50; n++)
        one.send(JSON.stringify({ type: 'subscribe', id: String(n), payload: { query: getIntrospectionQuery() } }));
      await new Promise((done) => setTimeout(done, 60));
      (one as unknown as { _socket: { resetAndDestroy(): void } })._socket.resetAndDestroy();
    }
    await new Promise((done) => setTimeout(done, 500));
    expect(wetread.log.join('')).not.toContain('Internal error');
  });

  it('takes messages as large as a body over HTTP, and none larger', async () => {
    const one = await acknowledged();
    const asked = (length: number) =>
      JSON.stringify({
        type: 'subscribe',
        id: String(length),
        payload: { query: '{ models { name } }', variables: { unused: long(length) } },
      });
    one.send(asked(3 * 2 ** 20));
    expect(await heard(one)).toMatchObject({ type: 'next', payload: { data: { models: [{ name: 'chest-pneumonia' }] } } });
    const over = closed(one);
    one.send(asked(5 * 2 ** 20));
    expect(await over).toBe(1009);
    expect(wetread.log.join('')).not.toContain('WebSocket');
  });

  it('is told that the server goes, and does not hold it up', async () => {
    const other = await Wetread.start();
    const one = await acknowledged(socket(other.url));
    const over = closed(one);
    expect(await other.stop()).toBe(0);
    expect(await over).toBe(1001);
    await other.remove();
  });
});
