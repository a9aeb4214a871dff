import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { aliasesOf, asked, manySlices } from './many-slices.js';
import { aPhantom, idle, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

/** A study of thousands of images, as a CT of thin slices has them: what one query of it may take. */
let wetread: Wetread;
let reportId: string;
const SLICES = 3_000;
beforeAll(async () => {
  wetread = await Wetread.start();
  const phantom = aPhantom();
  await wetread.store(phantom.bytes);
  reportId = (await reportOf(wetread, phantom.studyInstanceUID)).id ?? '';
  await idle(wetread);
  await manySlices(wetread, SLICES);
});
afterAll(() => wetread.remove());

async function graph(query: string): Promise<{ data?: unknown; errors?: { extensions: { code: string } }[] }> {
  const body = JSON.stringify({ query });
  return (await wetread.fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json() as never;
}
/** Queries that were made. */
const queries = async (): Promise<number> =>
  (await wetread.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ledger_record WHERE event::jsonb -> 'entity' ->> 'id' = 'search'`))[0]
    .n;
const images = async (): Promise<number> => (await wetread.sql<{ n: number }>('SELECT count(*)::int AS n FROM instance'))[0].n;
const residentMB = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${wetread.pid}/status`, 'utf8'))?.[1]) / 1024;

it('is given as far as an answer goes, and refused beyond it; the server goes on', async () => {
  const { data, errors } = await graph(asked(2));
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data).match(/sopInstanceUID/g)).toHaveLength(2 * (await images()));
  const { pid } = wetread;
  for (const aliases of [13, 20, 26, 40]) {
    expect((await graph(asked(aliases))).errors).toMatchObject([{ extensions: { code: 'answer-too-large' } }]);
    await later(200); // what is in the making still fails after the answer
  }
  // Nor is a part of it given, by whichever way.
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const stream = await wetread.fetch('/graphql/stream', { method: 'POST', headers, body: JSON.stringify({ query: asked(20) }) });
  const [, told] = /^data: (.+)$/m.exec(await stream.text()) ?? [];
  expect(JSON.parse(told ?? '')).toMatchObject({ data: null, errors: [{ extensions: { code: 'answer-too-large' } }] });
  expect([await graph('{ __typename }'), wetread.pid]).toEqual([{ data: { __typename: 'Query' } }, pid]);
});

it('is not made for who hung up while they waited; and what is in the making keeps its turn', async () => {
  const before = await queries();
  const body = JSON.stringify({ query: asked(10) });
  const { hostname, port } = new URL(wetread.url);
  const hungUp = Array.from({ length: 60 }, async () => {
    const sent = request({
      hostname,
      port,
      path: '/graphql',
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json' },
    });
    sent.on('error', () => undefined).end(body);
    await later(300);
    sent.destroy();
  });
  await Promise.all(hungUp);
  // Its turn comes after those that are in the making.
  expect(await graph('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  await later(500);
  expect((await queries()) - before).toBeLessThan(40);
});

it('is not made for a subscriber who does not take what there is', async () => {
  const channel = new WebSocket(`${wetread.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const heard: string[] = [];
  channel.on('message', (data: Buffer) => void heard.push(data.subarray(0, 40).toString()));
  await new Promise((opened) => channel.once('open', opened));
  const say = (message: object) => channel.send(JSON.stringify(message));
  say({ type: 'connection_init' });
  await eventually(() => Promise.resolve(heard.length > 0 || undefined), 'to be let in');
  const query = `subscription { reportIssued { ${aliasesOf(10)} } }`;
  for (let i = 0; i < 90; i++) say({ id: `s${i}`, type: 'subscribe', payload: { query } });
  say({ id: 'last', type: 'subscribe', payload: { query: '{ __typename }' } });
  await eventually(() => Promise.resolve(heard.some((one) => one.includes('complete')) || undefined), 'all to be open');
  const [before, { pid }] = [residentMB(), wetread];
  channel.pause();
  await wetread.sql(`SELECT pg_notify('report_issued', $1)`, [reportId]);
  let most = before;
  for (let i = 0; i < 50; i++) {
    await later(100);
    most = Math.max(most, residentMB());
  }
  expect(most - before).toBeLessThan(700); // ninety of them would be more than a thousand
  channel.terminate();
  expect([await graph('{ __typename }'), wetread.pid]).toEqual([{ data: { __typename: 'Query' } }, pid]);
});
