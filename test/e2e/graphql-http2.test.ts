import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { setTimeout as later } from 'node:timers/promises';
import { asked, manySlices } from './many-slices.js';
import { aPhantom, idle, reportOf } from './phantoms.js';
import { Wetread } from './wetread.js';

/** Over HTTP/2, as browsers come: who leaves resets a stream, and the connection stays. */
let wetread: Wetread;
let session: ClientHttp2Session;
let studyInstanceUID: string;

beforeAll(async () => {
  wetread = await Wetread.start({ H2C: '1' });
  const phantom = aPhantom();
  ({ studyInstanceUID } = phantom);
  await wetread.store(phantom.bytes);
  await reportOf(wetread, studyInstanceUID);
  await idle(wetread);
  await manySlices(wetread, 3_000);
  session = connect(wetread.url).on('error', () => undefined);
});
afterAll(async () => {
  session.destroy();
  await wetread.remove();
});

/** Asks, and leaves after a while. */
async function left(path: string, query: string, afterMs: number): Promise<void> {
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/json', accept: '*/*' };
  const stream = session.request(headers).on('error', () => undefined);
  stream.end(JSON.stringify({ query }));
  await later(afterMs);
  stream.close(constants.NGHTTP2_CANCEL);
}
const graph = async (query: string): Promise<{ data?: unknown; errors?: unknown }> => {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(30_000);
  return (await wetread.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }), signal })).json() as never;
};
const FINE = { data: { __typename: 'Query' } };

it.each(['/graphql', '/graphql/stream'])('a turn at %s ends with who left, as over HTTP/1.1', async (path) => {
  for (let i = 0; i < 2; i++) await Promise.all(Array.from({ length: 10 }, () => left(path, asked(10), 400)));
  expect(await graph('{ __typename }')).toEqual(FINE);
});

it('a subscription ends with who left, and is no longer one of theirs', async () => {
  const query = `subscription { studyProgress(studyInstanceUID: "${studyInstanceUID}") { stage } }`;
  for (const afterMs of [0, 2, 10, 40, 100]) await Promise.all(Array.from({ length: 25 }, () => left('/graphql/stream', query, afterMs)));
  await later(500);
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const heard = await wetread.fetch('/graphql/stream', { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { value } = (await heard.body?.getReader().read()) ?? {};
  expect([heard.status, Buffer.from(value ?? []).toString()]).toEqual([200, expect.not.stringContaining('TOO_MANY')]);
  expect(await graph('{ __typename }')).toEqual(FINE);
});

it('the server stops though streams were left', async () => {
  await left('/graphql/stream', `subscription { studyProgress(studyInstanceUID: "${studyInstanceUID}") { stage } }`, 200);
  session.destroy();
  await wetread.stop();
  await wetread.launch();
  expect(await graph('{ __typename }')).toEqual(FINE);
});
