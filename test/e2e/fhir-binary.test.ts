import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Binary, OperationOutcome } from 'fhir/r4.js';
import { gzipSync } from 'node:zlib';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff]);
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const send = (method: string, path: string, body: Buffer | string, headers: Record<string, string>): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { method, headers, body });
const read = (path: string, accept = '*/*'): Promise<Response> => wetread.fetch(`/fhir/${path}`, { headers: { accept } });
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
const codeOf = async (answer: Response) => ((await answer.json()) as OperationOutcome).issue[0].details?.coding?.[0].code;

describe('A Binary (R4 binary.html)', () => {
  it('is stored from a body of any media type, and read as it was sent', async () => {
    const made = await send('POST', 'Binary', PICTURE, {
      'content-type': 'image/png',
      accept: FHIR_JSON,
      'x-security-context': 'Patient/p',
    });
    const binary = (await made.json()) as Binary;
    expect([made.status, binary.contentType, binary.securityContext]).toEqual([201, 'image/png', { reference: 'Patient/p' }]);
    expect(Buffer.from(binary.data ?? '', 'base64')).toEqual(PICTURE);
    const answer = await read(`Binary/${binary.id}`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('etag')]).toEqual([200, 'image/png', 'W/"1"']);
    expect(answer.headers.get('x-security-context')).toBe('Patient/p');
    expect(await bytesOf(answer)).toEqual(PICTURE);
  });

  it('is updated by bytes at its address, and each version is read as it was', async () => {
    const text = (words: string) => send('PUT', 'Binary/note', words, { 'content-type': 'text/plain;  charset=utf-8' });
    expect([(await text('Größe 1')).status, (await text('Größe 2')).status]).toEqual([201, 200]);
    expect(await (await read('Binary/note')).text()).toBe('Größe 2');
    expect(await (await read('Binary/note/_history/1', 'text/*')).text()).toBe('Größe 1');
    expect((await read('Binary/note')).headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await wetread.fetch('/fhir/Binary/note', { headers: { 'if-none-match': 'W/"2"' } })).status).toBe(304);
    const head = await wetread.fetch('/fhir/Binary/note', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(Buffer.byteLength('Größe 2'))]);
  });

  it('is given as the resource to who asks for FHIR, in whichever way', async () => {
    await send('PUT', 'Binary/pdf', '%PDF', { 'content-type': 'application/pdf' });
    for (const [query, accept] of [
      ['', FHIR_JSON],
      ['', `${FHIR_JSON}, */*; q=0.1`],
      ['', 'application/json'],
      ['?_format=json', '*/*'],
      ['?_format=application/fhir%2Bjson', 'application/pdf'],
    ])
      expect([query, accept, ((await (await read(`Binary/pdf${query}`, accept)).json()) as Binary).resourceType]).toEqual([
        query,
        accept,
        'Binary',
      ]);
    expect(await (await read('Binary/pdf', 'application/fhir+xml')).text()).toContain(
      '<Binary xmlns="http://hl7.org/fhir"><id value="pdf"/>',
    );
    for (const accept of ['application/pdf', 'application/*', 'text/html, */*;q=0.8'])
      expect([accept, await (await read('Binary/pdf', accept)).text()]).toEqual([accept, '%PDF']);
    const other = await read('Binary/pdf', 'image/png');
    expect([other.status, await codeOf(other)]).toEqual([406, 'not-acceptable']);
  });

  it('may hold JSON and XML that are no FHIR; what is FHIR is taken as such, whatever it is called', async () => {
    const kept = async (id: string, type: string, body: string) => {
      const answer = await send('PUT', `Binary/${id}`, body, { 'content-type': type, accept: FHIR_JSON });
      return answer.status === 201 ? ((await answer.json()) as Binary).contentType : [answer.status, await codeOf(answer)];
    };
    const cda = '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>';
    expect(await kept('cda', 'text/xml', cda)).toBe('text/xml');
    expect(await (await read('Binary/cda')).text()).toBe(cda);
    expect(await kept('json', 'application/json', '{"a":1}')).toBe('application/json');
    expect(await kept('f1', 'application/json', '{"resourceType":"Binary","id":"f1","contentType":"a/b","data":"AAAA"}')).toBe('a/b');
    const xml = '<Binary xmlns="http://hl7.org/fhir"><id value="f2"/><contentType value="c/d"/></Binary>';
    expect(await kept('f2', 'application/xml', xml)).toBe('c/d');
    expect(await kept('f3', FHIR_JSON, '{"a":1}')).toEqual([422, undefined]);
    expect(await kept('f4', 'application/json', '{"resourceType":"Patient"}')).toEqual([400, 'address-differs']);
    expect(await kept('f5', 'application/json', '{"broken')).toEqual([400, 'malformed-json']);
  });

  it('runs nothing in a browser, and is not written by pages of elsewhere', async () => {
    await send('PUT', 'Binary/page', '<script>alert(1)</script>', { 'content-type': 'text/html' });
    const page = await read('Binary/page', 'text/html');
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']) {
      const answer = await send('POST', 'Binary', 'x', { 'content-type': type, origin: 'https://elsewhere.example' });
      expect([type, answer.status, await codeOf(answer)]).toEqual([type, 403, 'page-elsewhere']);
    }
    expect((await send('POST', 'Binary', 'x', { 'content-type': 'text/plain', origin: wetread.url })).status).toBe(201);
  });

  it('is refused without content, beyond the limit, and elsewhere than at its own address', async () => {
    const empty = await send('POST', 'Binary', '', { 'content-type': 'image/png' });
    expect([empty.status, await codeOf(empty)]).toEqual([400, 'body-absent']);
    expect((await send('POST', 'Patient', PICTURE, { 'content-type': 'image/png' })).status).toBe(415);
    for (const path of ['Patient', 'Binary'])
      expect((await send('POST', path, PICTURE, { 'content-type': 'application/vnd.wetread.raw' })).status).toBe(
        path === 'Patient' ? 400 : 201,
      );
  });

  it('takes many bytes: what is kept as base64 is given back whole', async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024, 7);
    bytes[12_345_678] = 9;
    const made = await send('PUT', 'Binary/long', bytes, { 'content-type': 'application/octet-stream', prefer: 'return=minimal' });
    expect(made.status).toBe(201);
    expect((await bytesOf(await read('Binary/long'))).equals(bytes)).toBe(true);
  });

  it('is refused by headers that say nothing, and in a content coding', async () => {
    for (const type of ['nonsense', 'text/plain,application/x', 'a/b;;;x', ';']) {
      const answer = await send('POST', 'Binary', 'x', { 'content-type': type });
      expect([type, answer.status, await codeOf(answer)]).toEqual([type, 400, 'bad-header']);
    }
    const context = await send('POST', 'Binary', 'x', { 'content-type': 'image/png', 'x-security-context': 'Patient/non sense' });
    expect([context.status, await codeOf(context)]).toEqual([400, 'bad-header']);
    for (const type of ['image/png', FHIR_JSON]) {
      const coded = await send('POST', 'Binary', gzipSync('x'), { 'content-type': type, 'content-encoding': 'gzip' });
      expect([type, coded.status, await codeOf(coded)]).toEqual([type, 415, 'unsupported-content-coding']);
    }
  });

  it('is readable whatever the resource says of it', async () => {
    const odd = { resourceType: 'Binary', id: 'odd', contentType: 'größe', securityContext: { reference: 'Patient/é日' }, data: 'AAEC' };
    expect((await send('PUT', 'Binary/odd', JSON.stringify(odd), { 'content-type': FHIR_JSON })).status).toBe(201);
    const answer = await read('Binary/odd');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-security-context')]).toEqual([
      200,
      'application/octet-stream',
      null,
    ]);
    expect(await bytesOf(answer)).toEqual(Buffer.from([0, 1, 2]));
  });
});
