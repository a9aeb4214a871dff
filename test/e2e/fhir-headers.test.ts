import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationOutcome } from 'fhir/r4.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const put = (id: string, family: string, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(`/fhir/Patient/${id}`, {
    method: 'PUT',
    headers: { 'content-type': FHIR_JSON, ...headers },
    body: JSON.stringify({ resourceType: 'Patient', id, name: [{ family }] }),
  });
const codeOf = async (answer: Response) => ((await answer.json()) as OperationOutcome).issue[0].details?.coding?.[0].code;

describe('If-Match and If-None-Match (RFC 9110 13.1)', () => {
  it('name one version or several', async () => {
    expect((await put('tags', 'A')).status).toBe(201);
    expect((await put('tags', 'B', { 'if-match': 'W/"7", W/"1"' })).status).toBe(200);
    expect((await put('tags', 'C', { 'if-match': 'W/"7", "1"' })).status).toBe(412);
    expect((await put('tags', 'C', { 'if-match': '2' })).status).toBe(200);
    const known = async (tags: string) => (await wetread.fetch('/fhir/Patient/tags', { headers: { 'if-none-match': tags } })).status;
    expect([await known('W/"3"'), await known('W/"1", W/"3"'), await known('*'), await known('W/"1", "x"')]).toEqual([304, 304, 304, 200]);
  });

  it('are read the same way in the entries of a Bundle', async () => {
    await put('tags-2', 'A');
    const entry = (ifMatch: string, family: string) => ({
      resource: { resourceType: 'Patient', id: 'tags-2', name: [{ family }] },
      request: { method: 'PUT', url: 'Patient/tags-2', ifMatch },
    });
    const send = async (...entries: object[]) => {
      const body = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: entries });
      const answer = await wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body });
      return ((await answer.json()) as { entry: { response: { status: string } }[] }).entry.map(({ response }) =>
        response.status.slice(0, 3),
      );
    };
    expect(await send(entry('W/"1", W/"9"', 'B'))).toEqual(['200']);
    expect(await send(entry('W/"1", W/"9"', 'C'))).toEqual(['412']);
  });
});

describe('Media types (R4 http.html#mime-type, #version-parameter)', () => {
  it('of FHIR 4.0 are taken and given, of another version not', async () => {
    for (const version of ['4.0', '4.0.1', '"4.0"'])
      expect([version, (await put('typed', version, { 'content-type': `${FHIR_JSON}; fhirVersion=${version}` })).status]).toEqual([
        version,
        version === '4.0' ? 201 : 200,
      ]);
    const later = await put('typed', 'x', { 'content-type': `${FHIR_JSON}; fhirVersion=3.0` });
    expect([later.status, await codeOf(later)]).toEqual([415, 'unsupported-media-type']);
    expect((await put('typed', 'x', { 'content-type': 'application/json; fhirVersion=5.0' })).status).toBe(415);
    const read = (accept: string) => wetread.fetch('/fhir/Patient/typed', { headers: { accept } });
    expect((await read(`${FHIR_JSON}; fhirVersion=4.0`)).status).toBe(200);
    const other = await read(`${FHIR_JSON}; fhirVersion=3.0`);
    expect([other.status, await codeOf(other)]).toEqual([406, 'not-acceptable']);
    expect((await read(`${FHIR_JSON}; fhirVersion=3.0, application/fhir+xml; fhirVersion=4.0`)).headers.get('content-type')).toContain(
      'xml',
    );
  });

  it('that are none of FHIR are refused, though the body is', async () => {
    for (const type of ['text/plain', 'multipart/related; type=x', 'application/dicom', 'application/x-www-form-urlencoded']) {
      const answer = await put('plain', 'x', { 'content-type': type });
      expect([type, answer.status, await codeOf(answer)]).toEqual([type, 415, 'unsupported-media-type']);
    }
    expect((await wetread.fetch('/fhir/Patient/plain')).status).toBe(404);
  });

  it('are those that were asked for when something is wrong, too', async () => {
    const text = async (path: string, accept = '*/*') => (await wetread.fetch(path, { headers: { accept } })).text();
    expect(await text('/fhir/Patient/nobody?_format=xml')).toContain('<OperationOutcome');
    expect(await text('/fhir/Patient/nobody', 'application/fhir+xml')).toContain('<OperationOutcome');
    expect(await text('/fhir/Patient/nobody?_format=json', 'application/fhir+xml')).toMatch(/^\{"resourceType":"OperationOutcome"/);
    expect(await text('/fhir/Patient/nobody', 'text/html')).toMatch(/^\{"resourceType":"OperationOutcome"/);
  });
});
