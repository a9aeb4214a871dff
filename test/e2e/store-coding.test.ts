import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, type IncomingMessage } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { aChestXray, sha256, type TestInstance } from './instances.js';
import { multipartBody } from './multipart.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', STORE_REQUEST_LIMIT_MIB: '96' })));
afterAll(() => wetread.remove());

const MULTIPART = 'multipart/related; type="application/dicom"; boundary=frontier';
const post = (body: Buffer, coding: string): Promise<Response> =>
  wetread.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': MULTIPART, 'content-encoding': coding }, body });
const isThere = async ({ path, sha256: wanted }: TestInstance): Promise<boolean> => {
  const answer = await wetread.fetch(path, { headers: { accept: 'application/dicom' } });
  return answer.status === 200 && sha256(Buffer.from(await answer.arrayBuffer())) === wanted;
};
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

describe('A compressed store body (RFC 9110 8.4)', () => {
  it.each<[string, (body: Buffer) => Buffer]>([
    ['gzip', (body) => gzipSync(body)],
    ['GZIP', (body) => gzipSync(body)],
    ['deflate', (body) => deflateSync(body)],
    ['br', (body) => brotliCompressSync(body)],
    ['zstd', (body) => zstdCompressSync(body)],
    ['identity', (body) => body],
  ])('is stored as what it was before: %s', async (coding, compress) => {
    const sent = [aChestXray(), aChestXray({ Rows: 400, Columns: 300 })];
    expect((await post(compress(multipartBody(sent.map(({ bytes }) => bytes))), coding)).status).toBe(200);
    for (const one of sent) expect(await isThere(one)).toBe(true);
  });

  it.each(['compress', 'gzip, gzip', 'aes128gcm', 'constructor'])('is 415 where it is %s, with what would do', async (coding) => {
    const answer = await post(Buffer.from('x'), coding);
    expect(answer.status).toBe(415);
    expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, br, zstd');
    expect(await codeOf(answer)).toBe('encoded-body');
  });

  it.each<[string, (body: Buffer) => Buffer]>([
    ['is no gzip', (body) => body],
    ['is spoilt inside', (body) => gzipSync(body).fill(0xff, 60, 80)],
    ['ends too early', (body) => gzipSync(body).subarray(0, 300)],
  ])('is 400 where it %s', async (_, spoil) => {
    const sent = aChestXray();
    const answer = await post(spoil(multipartBody([sent.bytes])), 'gzip');
    expect(answer.status).toBe(400);
    expect(await codeOf(answer)).toBe('malformed-encoding');
    expect(await isThere(sent)).toBe(false);
  });

  it('is 413 where it grows beyond all measure, before it has filled the disk', async () => {
    const bomb = gzipSync(Buffer.concat([multipartBody([aChestXray().bytes], { end: '' }), Buffer.alloc(90 * 2 ** 20)]), { level: 9 });
    const answer = await post(bomb, 'gzip');
    expect(answer.status).toBe(413);
    expect(await codeOf(answer)).toBe('absurd-compression');
  });

  it('is 413 where it is larger, decompressed, than a request may be', async () => {
    const noise = Buffer.alloc(97 * 2 ** 20, Buffer.from(Array.from({ length: 99_991 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff)));
    const answer = await post(zstdCompressSync(noise.fill(multipartBody([aChestXray().bytes], { end: '' }), 0, 600)), 'zstd');
    expect(answer.status).toBe(413);
  });

  it('leaves the server ready for the next one', async () => {
    expect((await wetread.store(aChestXray().bytes)).status).toBe(200);
  });
});

describe('Expect: 100-continue (RFC 9110 10.1.1)', () => {
  const asked = async (headers: Record<string, string>, body: Buffer): Promise<{ status: number; continued: boolean }> => {
    const sender = request(`${wetread.url}/dicom-web/studies`, { method: 'POST', headers: { expect: '100-continue', ...headers } });
    let continued = false;
    sender.on('continue', () => {
      continued = true;
      sender.end(body);
    });
    sender.flushHeaders();
    const answer = await new Promise<IncomingMessage>((done, fail) => sender.on('response', done).on('error', fail));
    answer.resume();
    sender.destroy();
    return { status: answer.statusCode ?? 0, continued };
  };

  it('is answered before the body, and the body is stored', async () => {
    const sent = aChestXray();
    const body = multipartBody([sent.bytes]);
    expect(await asked({ 'content-type': MULTIPART, 'content-length': String(body.length) }, body)).toEqual({
      status: 200,
      continued: true,
    });
    expect(await isThere(sent)).toBe(true);
  });

  it.each<[number, Record<string, string>]>([
    [413, { 'content-type': MULTIPART, 'content-length': String(97 * 2 ** 20) }],
    [415, { 'content-type': 'application/json', 'content-length': '9' }],
    [415, { 'content-type': 'text/html', 'content-length': '9' }],
    [415, { 'content-type': MULTIPART, 'content-length': '9', 'content-encoding': 'compress' }],
    [406, { 'content-type': MULTIPART, 'content-length': '9', accept: 'image/png' }],
    [400, { 'content-type': 'multipart/related; type="application/dicom"', 'content-length': '9' }],
    [417, { 'content-type': MULTIPART, 'content-length': '9', expect: '200-maybe' }],
  ])('is refused with %i, and the body not asked for: %j', async (status, headers) => {
    expect(await asked(headers, Buffer.from('unwanted!'))).toEqual({ status, continued: false });
  });

  it('holds no other request up', async () => {
    const body = Buffer.from(JSON.stringify({ query: '{ __typename }' }));
    const sender = request(`${wetread.url}/graphql`, {
      method: 'POST',
      headers: { expect: '100-continue', 'content-type': 'application/json', 'content-length': body.length },
    });
    sender.on('continue', () => sender.end(body)).flushHeaders();
    const answer = await new Promise<IncomingMessage>((done, fail) => sender.on('response', done).on('error', fail));
    answer.resume();
    expect(answer.statusCode).toBe(200);
  });
});
