import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { OperationOutcome } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const MIB = 2 ** 20;
/** Three MiB more than the server takes. */
const LENGTH = 40 * MIB;

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

/** A Bundle of a length, as it goes out. */
function* pieces(length: number): Generator<Uint8Array> {
  yield Buffer.from('{"resourceType":"Bundle","type":"batch","id":"');
  for (let sent = 0; sent < length; sent += MIB) yield Buffer.alloc(MIB, 'x');
}
const toldBy = async (answer: Response): Promise<unknown[]> => {
  const { issue } = (await answer.json()) as OperationOutcome;
  return [answer.status, answer.headers.get('content-type'), issue[0].code];
};
const TOO_LONG = [413, 'application/fhir+json; charset=utf-8', 'too-long'];

/** A client that looks for an answer only when all is sent, or nothing more can be. */
async function sendAll(head: string, body: Iterable<Uint8Array>): Promise<{ answer: string; sent: number }> {
  const { hostname, port } = new URL(wetread.url);
  const socket: Socket = connect(Number(port), hostname);
  let [answer, sent, isGone] = ['', 0, false];
  socket.on('error', () => undefined).once('close', () => (isGone = true));
  await once(socket, 'connect');
  socket.write(head);
  for (const piece of body) {
    if (isGone) break;
    sent += piece.length;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
  }
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  if (!isGone) await once(socket, 'close');
  return { answer, sent };
}

const head = (path: string, framing: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: ${new URL(wetread.url).host}\r\nContent-Type: ${FHIR_JSON}\r\n${framing}\r\n\r\n`;

describe('A body that is larger than the server takes', () => {
  it.each(['/fhir', '/fhir/Patient', '/fhir/Patient/$validate'])('is told so: %s', async (path) => {
    const body = Buffer.concat([...pieces(LENGTH)]);
    const answer = await wetread.fetch(path, { method: 'POST', headers: { 'content-type': FHIR_JSON }, body });
    expect(await toldBy(answer)).toEqual(TOO_LONG);
  });

  it('is told so where it comes in chunks', async () => {
    const body = ReadableStream.from(pieces(LENGTH));
    const answer = await wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body, duplex: 'half' });
    expect(await toldBy(answer)).toEqual(TOO_LONG);
  });

  it('is told so as XML', async () => {
    const answer = await wetread.fetch('/fhir', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+xml', accept: 'application/fhir+xml' },
      body: Buffer.alloc(LENGTH, 'x'),
    });
    expect([answer.status, await answer.text()]).toEqual([413, expect.stringContaining('<code value="too-long"/>')]);
  });

  it('is told so to who sends it all before it listens', async () => {
    const { answer } = await sendAll(head('/fhir', `Content-Length: ${LENGTH}`), [Buffer.alloc(LENGTH, 'x')]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*connection: close\r\n[^]*"too-long"/i);
  });

  it('is not heard for ever', async () => {
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, 'x'), Buffer.from('\r\n')]);
    const endless = Array.from({ length: 600 }, () => chunk);
    const { sent } = await sendAll(head('/fhir', 'Transfer-Encoding: chunked'), endless);
    expect(sent).toBeLessThan(400 * MIB);
    expect((await wetread.fetch('/health/ready')).status).toBe(200);
  });
});
