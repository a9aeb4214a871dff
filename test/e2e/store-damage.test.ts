import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, sha256, type TestInstance } from './instances.js';
import { multipartBody } from './multipart.js';
import { eventually, Wetread } from './wetread.js';

const MULTIPART = 'multipart/related; type="application/dicom"; boundary=frontier';
/** Cxxx, Cannot understand (PS3.18 table I.2-2): C001 is a file or body that ends too early. */
const CANNOT_UNDERSTAND = 0xc000;
const TRUNCATED = 0xc001;

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', STORE_REQUEST_LIMIT_MIB: '1' })));
afterAll(() => wetread.remove());

const post = (body: Buffer): Promise<Response> =>
  wetread.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': MULTIPART, accept: 'application/dicom+json' }, body });
const isThere = async ({ path, sha256: wanted }: TestInstance): Promise<boolean> => {
  const answer = await wetread.fetch(path, { headers: { accept: 'application/dicom' } });
  return answer.status === 200 && sha256(Buffer.from(await answer.arrayBuffer())) === wanted;
};
const reasonsOf = (dataset: DicomJson): unknown[] =>
  ((dataset['00081198']?.Value ?? []) as DicomJson[]).map((item) => item['00081197'].Value?.[0]);

describe('Damage in one part', () => {
  it.each<[string, (good: TestInstance) => Uint8Array]>([
    ['is cut in its header', ({ bytes }) => bytes.subarray(0, 300)],
    ['is cut in its pixels', ({ bytes }) => bytes.subarray(0, bytes.length - 20)],
    ['is cut in its meta information', ({ bytes }) => bytes.subarray(0, 150)],
    ['is empty', () => new Uint8Array(0)],
    ['is a web page', () => Buffer.from('<html>503 Service Unavailable</html>')],
    ['is noise after a good beginning', ({ bytes }) => Buffer.concat([bytes.subarray(0, 500), Buffer.alloc(4_000, 0xe7)])],
  ])('leaves its neighbours stored where a part %s', async (_, spoil) => {
    const [before, spoilt, after] = [aChestXray(), aChestXray(), aChestXray()];
    const answer = await wetread.store(before.bytes, spoil(spoilt), after.bytes);
    expect(answer.status).toBe(202);
    expect(answer.stored.map(({ sopInstanceUID }) => sopInstanceUID)).toEqual([before.sopInstanceUID, after.sopInstanceUID]);
    expect(answer.failed.map(({ reason }) => reason & 0xf000)).toEqual([CANNOT_UNDERSTAND]);
    expect([await isThere(before), await isThere(spoilt), await isThere(after)]).toEqual([true, false, true]);
  });

  it('is a request of bad syntax (400) where nothing in it is DICOM at all, and its list says so', async () => {
    for (const noise of [[Buffer.from('noise')], [Buffer.from('<html>'), new Uint8Array(0)]]) {
      const { status, failed } = await wetread.store(...noise);
      expect([status, failed.map(({ reason }) => reason)]).toEqual([400, noise.map(() => CANNOT_UNDERSTAND)]);
    }
  });

  it('names the instance it was, as far as that could be read', async () => {
    const spoilt = aChestXray();
    const { status, failed } = await wetread.store(spoilt.bytes.subarray(0, spoilt.bytes.length - 20), Buffer.from('noise'));
    expect(status).toBe(409);
    expect(failed).toEqual([
      { sopInstanceUID: spoilt.sopInstanceUID, reason: TRUNCATED },
      { sopInstanceUID: undefined, reason: CANNOT_UNDERSTAND },
    ]);
  });

  it.each<[string, Buffer]>([
    ['a zero byte inside the Patient ID', spoiltValue('PATIENT7', 'PAT\0ENT7')],
    ['bytes that are no UTF-8 in the Patient ID', spoiltValue('PATIENT7', 'PAT\xff\xc3NT7')],
    ['a zero byte inside an attribute that is only matched in JSON', spoiltValue('CHESTY', 'CH\0STY')],
  ])('does not reach the neighbours through %s', async (_, odd) => {
    const neighbour = aChestXray();
    const answer = await wetread.store(odd, neighbour.bytes);
    expect(answer.stored.map(({ sopInstanceUID }) => sopInstanceUID)).toContain(neighbour.sopInstanceUID);
    expect(await isThere(neighbour)).toBe(true);
    const found = await wetread.fetch('/dicom-web/instances?BodyPartExamined=CHEST&includefield=all'); // reads every instance's JSON
    expect(found.status).toBe(200);
    await found.json();
  });
});

describe('A body that breaks off', () => {
  it('stores the parts before, never the one it breaks off in, though that looks whole', async () => {
    const [whole, last] = [aChestXray(), aChestXray()];
    const answer = await post(multipartBody([whole.bytes, last.bytes], { end: '' }));
    expect(answer.status).toBe(202);
    expect(reasonsOf((await answer.json()) as DicomJson)).toEqual([TRUNCATED]);
    expect([await isThere(whole), await isThere(last)]).toEqual([true, false]);
  });

  it('is 409 where it breaks off in its only part', async () => {
    const only = aChestXray();
    const answer = await post(multipartBody([only.bytes], { end: '\r\n--fron' }));
    expect(answer.status).toBe(409);
    expect(await isThere(only)).toBe(false);
  });

  it.each<[string, string]>([
    ['a boundary with other bytes after it', '\r\n--frontierland\r\n\r\nmore\r\n--frontier--\r\n'],
    ['headers that are too long', `\r\n--frontier\r\nX: ${'a'.repeat(100_000)}\r\n\r\nmore\r\n--frontier--\r\n`],
    ['headers without end', '\r\n--frontier\r\nContent-Type: app'],
    ['an end in a boundary', '\r\n--frontier'],
  ])('lists what is stored before %s, and the fault (202); 409 where nothing was stored', async (_, end) => {
    const [one, two] = [aChestXray(), aChestXray()];
    const answer = await post(multipartBody([one.bytes, two.bytes], { end }));
    expect(answer.status).toBe(202);
    const dataset = (await answer.json()) as DicomJson;
    expect(reasonsOf(dataset)).toEqual([TRUNCATED]);
    expect(((dataset['00081199']?.Value ?? []) as DicomJson[]).map((item) => item['00081155'].Value?.[0])).toEqual([
      one.sopInstanceUID,
      two.sopInstanceUID,
    ]);
    expect([await isThere(one), await isThere(two)]).toEqual([true, true]);
    const nothing = await post(multipartBody([Buffer.from('noise')], { end }));
    expect(nothing.status).toBe(409);
    expect(reasonsOf((await nothing.json()) as DicomJson)).toEqual([CANNOT_UNDERSTAND, TRUNCATED]);
  });

  it('keeps what came whole where the sender vanishes, and leaves nothing half-written behind', async () => {
    const [whole, torn] = [aChestXray(), aChestXray({ Rows: 200, Columns: 200 })];
    const body = multipartBody([whole.bytes, torn.bytes]);
    const sender = request(`${wetread.url}/dicom-web/studies`, {
      method: 'POST',
      headers: { 'content-type': MULTIPART, 'content-length': body.length },
    });
    sender.on('error', () => undefined); // its own end
    sender.write(body.subarray(0, body.length - 50_000));
    await sleep(200); // the server has begun to read
    sender.destroy();
    await eventually(async () => ((await isThere(whole)) ? true : undefined), 'first part');
    await eventually(
      async () => (readdirSync(join(wetread.folder, 'archive', 'incoming')).length === 0 ? true : undefined),
      'empty incoming folder',
    );
    expect(await isThere(torn)).toBe(false);
  });
});

describe('A body larger than STORE_REQUEST_LIMIT_MIB', () => {
  const large = aChestXray({ Rows: 1_000, Columns: 1_000 }); // 2 MB

  it('is refused by its Content-Length (413)', async () => {
    const answer = await post(multipartBody([large.bytes]));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ status: 413, code: 'store-request-too-large' });
    expect(await isThere(large)).toBe(false);
  });

  it.each<[string, string, (small: TestInstance) => Buffer]>([
    ['several parts', MULTIPART, (small) => multipartBody([small.bytes], { end: '\r\n--frontier\r\n\r\n' })],
    ['one instance', 'application/dicom', () => large.bytes.subarray(0, 1_000)],
  ])('is refused where it tells no length (413), and its sender is not held up: %s', async (_, type, beginning) => {
    const small = aChestXray();
    const answer = await sendLong(type, beginning(small));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 413, code: 'store-request-too-large' });
    if (type === MULTIPART) expect(await isThere(small)).toBe(true); // what came whole before the limit
  });

  it('does not hold its sender up where it is malformed (400)', async () => {
    const answer = await sendLong(MULTIPART, Buffer.from('--frontier and more'));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 400, code: 'malformed-multipart' });
  });

  it('leaves the server ready for the next one', async () => {
    expect((await wetread.store(aChestXray().bytes)).status).toBe(200);
  });
});

/** Sends 13 MB without saying so first, by a bare socket; answers when the answer is there and all of it is sent. */
async function sendLong(type: string, beginning: Buffer): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(wetread.url);
  const socket = connect(Number(port), hostname);
  const answer: Buffer[] = [];
  socket.on('data', (piece: Buffer) => answer.push(piece));
  const send = (text: string | Buffer): Promise<void> =>
    new Promise((sent, failed) => socket.write(text, (error) => (error ? failed(error) : sent())));
  await send(`POST /dicom-web/studies HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (const piece of [beginning, ...Array.from({ length: 200 }, () => Buffer.alloc(65_536, 1))])
    await send(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
  await send('0\r\n\r\n');
  const [head, text] = await eventually(async () => {
    const parts = Buffer.concat(answer).toString().split('\r\n\r\n');
    return parts.length === 2 && parts[1].endsWith('}') ? parts : undefined;
  }, 'answer');
  socket.destroy();
  return { status: Number(head.split(' ')[1]), text };
}

/** A file in which a text of the header was overwritten. */
function spoiltValue(text: string, by: string): Buffer {
  const { bytes } = aChestXray({ PatientID: 'PATIENT7', BodyPartExamined: 'CHESTY' });
  const at = bytes.indexOf(text, 'latin1');
  bytes.write(by, at, 'latin1');
  return bytes;
}
