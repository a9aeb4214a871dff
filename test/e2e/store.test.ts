import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DicomJson, Tag } from '../../src/dicom/dicom-json.js';
import { aChestXray, newUid, sha256, withOtherPixels, type TestInstance } from './instances.js';
import { multipartBody } from './multipart.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' })));
afterAll(() => wetread.remove());

const MULTIPART = 'multipart/related; type="application/dicom"; boundary=frontier';
const post = (
  body: Buffer | string,
  { path = '/dicom-web/studies', type = MULTIPART, accept = 'application/dicom+json' } = {},
): Promise<Response> => wetread.fetch(path, { method: 'POST', headers: { 'content-type': type, accept }, body });
const files = (...instances: readonly TestInstance[]): Buffer[] => instances.map(({ bytes }) => bytes);
const bytesAt = async ({ path }: TestInstance): Promise<Buffer> =>
  Buffer.from(await (await wetread.fetch(path, { headers: { accept: 'application/dicom' } })).arrayBuffer());
const isThere = async ({ path }: TestInstance): Promise<boolean> => (await wetread.fetch(path)).status === 200;
/** What the ledger says of an action, newest last. */
const onRecord = (action: string) =>
  wetread.sql<{ reason: string; entity: { id: string }; changes: { sha256?: string } }>(
    `SELECT event::jsonb ->> 'reason' AS reason, event::jsonb -> 'entity' AS entity, event::jsonb -> 'changes' AS changes
       FROM ledger_record WHERE event::jsonb ->> 'action' = $1 ORDER BY id`,
    [action],
  );

describe('A store request (PS3.18 10.5)', () => {
  it('stores all its parts and says where each is to be had (table 10.5.3-1, annex I.2)', async () => {
    const study = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
    const sent = Array.from({ length: 150 }, (_, i) => aChestXray({ ...study, InstanceNumber: i + 1 }));
    const { status, dataset, stored, failed } = await wetread.store(...files(...sent));
    expect(status).toBe(200);
    expect(failed).toEqual([]);
    expect(dataset['00081198']).toBeUndefined(); // absent where nothing failed
    expect(dataset['00081190']).toEqual({ vr: 'UR', Value: [`${wetread.url}/dicom-web/studies/${study.StudyInstanceUID}`] });
    expect(dataset['00081199'].Value).toEqual(
      sent.map(({ sopClassUID, sopInstanceUID, path }) => ({
        '00081150': { vr: 'UI', Value: [sopClassUID] },
        '00081155': { vr: 'UI', Value: [sopInstanceUID] },
        '00081190': { vr: 'UR', Value: [`${wetread.url}${path}`] },
      })),
    );
    const last = await fetch(stored[149].retrieveUrl, { headers: { accept: 'application/dicom' } });
    expect(sha256(Buffer.from(await last.arrayBuffer()))).toBe(sent[149].sha256);
  });

  it('names no study above the instances where they are of two', async () => {
    const { status, dataset } = await wetread.store(...files(aChestXray(), aChestXray()));
    expect(status).toBe(200);
    expect(dataset['00081190']).toEqual({ vr: 'UR' }); // type 2: there, and empty
  });

  it('is answered in XML where that is asked for (PS3.19 A.1)', async () => {
    const [good, torn] = [aChestXray(), aChestXray()];
    const answer = await post(multipartBody([good.bytes, torn.bytes.subarray(0, 400)]), { accept: 'application/dicom+xml' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('content-type')).toMatch(/^application\/dicom\+xml/);
    const xml = await answer.text();
    expect(xml).toMatch(/<NativeDicomModel/);
    expect(xml).toMatch(/<DicomAttribute[^>]*keyword="ReferencedSOPSequence"/);
    expect(xml).toMatch(/<DicomAttribute[^>]*keyword="FailedSOPSequence"/);
    expect(xml).toContain(`<Value number="1">${good.sopInstanceUID}</Value>`);
  });

  it('names only what went wrong for who prefers a minimal answer (RFC 7240 4.2), and says that it does', async () => {
    const answered = async (prefer: string, ...parts: Buffer[]) => {
      const headers = { 'content-type': 'multipart/related; type="application/dicom"; boundary=frontier', prefer };
      const answer = await wetread.fetch('/dicom-web/studies', { method: 'POST', headers, body: multipartBody(parts) });
      const dataset = (await answer.json()) as DicomJson;
      const [stored, failed] = ['00081199', '00081198'].map((at) => dataset[at as Tag]?.Value?.length ?? 0);
      return [answer.status, answer.headers.get('preference-applied'), stored, failed];
    };
    const file = () => aChestXray().bytes;
    const odd = Buffer.concat([file(), Buffer.alloc(3)]);
    expect(await answered('return=minimal', file(), file())).toEqual([200, 'return=minimal', 0, 0]);
    expect(await answered('respond-async, return=minimal', file(), odd, file().subarray(0, 400))).toEqual([202, 'return=minimal', 1, 1]);
    expect(await answered('return=representation', file(), file())).toEqual([200, 'return=representation', 2, 0]);
    expect(await answered('handling=strict', file())).toEqual([200, null, 1, 0]);
  });

  it('to a study takes instances of that study and refuses others (10.5.1, 0xA900)', async () => {
    const [own, other] = [aChestXray(), aChestXray()];
    const path = `/dicom-web/studies/${own.studyInstanceUID}`;
    expect((await post(multipartBody(files(own)), { path })).status).toBe(200);
    const mixed = await post(multipartBody(files(other, own)), { path });
    expect(mixed.status).toBe(202);
    const dataset = (await mixed.json()) as DicomJson;
    expect(dataset['00081198'].Value).toEqual([
      expect.objectContaining({ '00081155': { vr: 'UI', Value: [other.sopInstanceUID] }, '00081197': { vr: 'US', Value: [0xa900] } }),
    ]);
    expect((await post(multipartBody(files(other)), { path })).status).toBe(409);
    expect(await isThere(other)).toBe(false);
    expect((await onRecord('instance.refused')).at(-1)?.reason).toBe('study-mismatch');
  });

  it('may be one instance as application/dicom (8.6.1)', async () => {
    const sent = aChestXray();
    expect((await post(sent.bytes, { type: 'application/dicom' })).status).toBe(200);
    expect(await bytesAt(sent)).toEqual(sent.bytes);
  });

  it('may have a preamble, parts without headers, an epilogue, and its boundary in quotes (RFC 2046 5.1.1)', async () => {
    const sent = [aChestXray(), aChestXray()];
    const boundary = 'a:b=c (1)';
    const body = multipartBody(files(...sent), {
      boundary,
      headers: [],
      preamble: 'for old readers\r\n',
      end: `\r\n--${boundary}-- \r\nfor old readers`,
    });
    expect((await post(body, { type: `Multipart/Related; boundary="${boundary}"; TYPE=application/dicom` })).status).toBe(200);
    for (const one of sent) expect(await bytesAt(one)).toEqual(one.bytes);
  });

  it('may come without a length, in pieces of any size', async () => {
    const sent = [aChestXray(), aChestXray({ Rows: 700, Columns: 500 })];
    const body = multipartBody(files(...sent));
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0, size = 1; at < body.length; at += size, size = (size * 3) % 9_973)
          controller.enqueue(body.subarray(at, at + size));
        controller.close();
      },
    });
    const answer = await wetread.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'content-type': MULTIPART },
      body: pieces,
      duplex: 'half',
    });
    expect(answer.status).toBe(200);
    for (const one of sent) expect(await bytesAt(one)).toEqual(one.bytes);
  });
});

describe('A store request that cannot be taken', () => {
  const problem = async (answer: Response) => {
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const { status, code } = (await answer.json()) as { status: number; code: string };
    return { http: answer.status, status, code };
  };

  it.each([
    'application/json',
    'application/xml',
    'text/plain',
    'multipart/form-data; boundary=frontier',
    'image/jpeg',
    'multipart/related; type="application/octet-stream"; boundary=frontier',
  ])('gets 415 for %s', async (type) => {
    const sent = aChestXray();
    const answer = await post(type === 'application/json' ? '{}' : multipartBody(files(sent)), { type });
    expect(await problem(answer)).toMatchObject({ http: 415, status: 415 });
    expect(await isThere(sent)).toBe(false);
  });

  it('gets 415 where its body has no media type', async () => {
    const answer = await wetread.fetch('/dicom-web/studies', { method: 'POST', body: aChestXray().bytes });
    expect(await problem(answer)).toMatchObject({ http: 415, status: 415 });
  });

  it('gets 406 where its answer could not be given, and nothing is stored', async () => {
    const sent = aChestXray();
    expect(await problem(await post(multipartBody(files(sent)), { accept: 'text/html' }))).toEqual({
      http: 406,
      status: 406,
      code: 'not-acceptable',
    });
    expect(await isThere(sent)).toBe(false);
  });

  it.each<[string, string, Buffer | string]>([
    ['names no boundary', 'multipart/related; type="application/dicom"', multipartBody([aChestXray().bytes])],
    ['names a boundary over 70 characters', `multipart/related; boundary=${'x'.repeat(71)}`, 'x'],
    ['has no boundary in it', MULTIPART, aChestXray().bytes],
    ['has no part', MULTIPART, '--frontier--\r\n'],
    ['ends in the headers of its first part', MULTIPART, '--frontier\r\nContent-Type: appl'],
    ['is empty', MULTIPART, ''],
  ])('gets 400 where it %s', async (_, type, body) => {
    expect(await problem(await post(body, { type }))).toEqual({ http: 400, status: 400, code: 'malformed-multipart' });
  });

  it.each(['1.2.x', '1..2', '..%2F..%2Fetc', `1.${'2'.repeat(63)}`])('gets 400 for the study %s', async (study) => {
    expect(await problem(await post(multipartBody([aChestXray().bytes]), { path: `/dicom-web/studies/${study}` }))).toEqual({
      http: 400,
      status: 400,
      code: 'malformed-uid',
    });
  });
});

describe('What a store keeps', () => {
  it('is the file exactly as received, byte by byte', async () => {
    const odd = aChestXray({ PatientName: 'Müller^Jürgen', '00091010': null });
    const noisy = Buffer.from(odd.bytes);
    noisy.fill(0xa5, 0, 128); // a preamble may hold anything (PS3.10 7.1)
    await wetread.store(noisy);
    expect(sha256(await bytesAt(odd))).toBe(sha256(noisy));
    expect((await onRecord('instance.received')).at(-1)?.changes.sha256).toBe(sha256(noisy));
  });

  it('is one instance where the same bytes come again: 200, as the first time', async () => {
    const sent = aChestXray();
    const first = await wetread.store(sent.bytes);
    const again = await wetread.store(sent.bytes, sent.bytes);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.stored.map(({ sopInstanceUID }) => sopInstanceUID)).toEqual([sent.sopInstanceUID, sent.sopInstanceUID]);
    expect(await wetread.json<DicomJson[]>(`/dicom-web/instances?SOPInstanceUID=${sent.sopInstanceUID}`)).toHaveLength(1);
  });

  it('is the first where other bytes come with the same SOP Instance UID; they are refused (0x0111) and on record', async () => {
    const first = aChestXray();
    const second = withOtherPixels(first);
    expect((await wetread.store(first.bytes)).status).toBe(200);
    const answer = await wetread.store(second.bytes);
    expect(answer).toMatchObject({ status: 409, stored: [], failed: [{ sopInstanceUID: first.sopInstanceUID, reason: 0x0111 }] });
    expect(sha256(await bytesAt(first))).toBe(first.sha256);
    const record = (await onRecord('instance.refused')).at(-1);
    expect(record).toMatchObject({ reason: 'instance-conflict', changes: { sha256: second.sha256 } });
    const onDisk = ({ sha256: name }: TestInstance): boolean =>
      existsSync(join(wetread.folder, 'archive', 'objects', name.slice(0, 2), `${name}.dcm`));
    expect([onDisk(first), onDisk(second)]).toEqual([true, false]);
  });

  it('is the first of twins in one request', async () => {
    const first = aChestXray();
    const answer = await wetread.store(first.bytes, withOtherPixels(first).bytes, first.bytes);
    expect(answer).toMatchObject({ status: 202, failed: [{ sopInstanceUID: first.sopInstanceUID, reason: 0x0111 }] });
    expect(answer.stored).toHaveLength(2);
    expect(sha256(await bytesAt(first))).toBe(first.sha256);
  });

  it('is exactly one instance where 30 senders store the same bytes at once', async () => {
    const sent = aChestXray();
    const answers = await Promise.all(Array.from({ length: 30 }, () => wetread.store(sent.bytes)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await wetread.json<DicomJson[]>(`/dicom-web/studies/${sent.studyInstanceUID}/instances`)).toHaveLength(1);
  });

  it('is exactly one instance where 30 senders store other bytes under one UID at once', async () => {
    const first = aChestXray();
    const variants = Array.from({ length: 30 }, (_, i) => {
      const bytes = Buffer.from(first.bytes);
      bytes[bytes.length - 2] = i;
      return bytes;
    });
    const answers = await Promise.all(variants.map((bytes) => wetread.store(bytes)));
    const winners = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []));
    expect(winners).toHaveLength(1);
    expect(answers.flatMap(({ failed }) => failed.map(({ reason }) => reason))).toEqual(Array.from({ length: 29 }, () => 0x0111));
    expect(await bytesAt(first)).toEqual(variants[winners[0]]);
  });
});
