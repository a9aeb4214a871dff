import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import type { Bundle, DiagnosticReport, OperationOutcome } from 'fhir/r4.js';
import { aPhantom, reportOf } from './phantoms.js';
import { jwsOf, verified } from './signatures.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const reviewer = 'Practitioner/reader';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await send('PUT', reviewer, { resourceType: 'Practitioner', id: 'reader', name: [{ family: 'Reader' }] });
  await send('PUT', 'Organization/clinic', { resourceType: 'Organization', id: 'clinic', name: 'Clinic' });
});
afterAll(() => wetread.remove());

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': FHIR_JSON, ...headers }, body: body && JSON.stringify(body) });
const get = async <T>(path: string): Promise<T> => (await (await wetread.fetch(`/fhir/${path}`)).json()) as T;
async function aReport(): Promise<DiagnosticReport> {
  const phantom = aPhantom();
  await wetread.store(phantom.bytes);
  return reportOf(wetread, phantom.studyInstanceUID);
}

describe('A report as a document', () => {
  const documentOf = (id: string | undefined) => get<Bundle>(`DiagnosticReport/${id}/$document`);

  it('begins with its Composition, has all that it refers to, and is signed', async () => {
    const before = await aReport();
    const parameter = [
      { name: 'decision', valueCode: 'accept' },
      { name: 'reviewer', valueReference: { reference: reviewer } },
      { name: 'organization', valueReference: { reference: 'Organization/clinic' } },
    ];
    const path = `DiagnosticReport/${before.id}/$review`;
    expect((await send('POST', path, { resourceType: 'Parameters', parameter }, { 'if-match': 'W/"1"' })).status).toBe(200);
    const document = await documentOf(before.id);
    expect(document.type).toBe('document');
    const [first, ...others] = (document.entry ?? []).map(({ resource }) => resource);
    expect(first).toMatchObject({
      resourceType: 'Composition',
      status: 'final',
      attester: [{ mode: 'legal', party: { reference: reviewer } }],
    });
    const there = new Set((document.entry ?? []).map(({ fullUrl }) => fullUrl?.replace(`${wetread.url}/fhir/`, '')));
    const referred = [...JSON.stringify([first, ...others]).matchAll(/"reference":"([A-Za-z]+\/[^"/]+)/g)].map(([, one]) => one);
    expect(referred.length).toBeGreaterThan(20);
    expect(referred.filter((one) => !there.has(one))).toEqual([]);
    const types = new Set(others.map((one) => one?.resourceType));
    expect([...types].sort()).toEqual(
      [
        'DiagnosticReport',
        'Device',
        'DocumentReference',
        'Endpoint',
        'ImagingStudy',
        'Observation',
        'Organization',
        'Patient',
        'Practitioner',
        'Provenance',
      ].sort(),
    );
    const { signature, id: _id, meta: _meta, ...signed } = document;
    const [header, , seal] = jwsOf(signature).split('.');
    const payload = Buffer.from(canonicalize(signed) ?? '').toString('base64url');
    expect(await verified(wetread, `${header}.${payload}.${seal}`)).toMatchObject({ type: 'document' });
    const altered = Buffer.from((canonicalize(signed) ?? '').replace('final', 'finaL')).toString('base64url');
    await expect(verified(wetread, `${header}.${altered}.${seal}`)).rejects.toThrow('signature');
    const outcome = (await (await send('POST', 'Bundle/$validate', document)).json()) as OperationOutcome;
    expect(outcome.issue.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is preliminary and by the AI before a person has signed, and there is none of a report that is not there', async () => {
    const { id } = await aReport();
    expect((await documentOf(id)).entry?.[0].resource).toMatchObject({
      status: 'preliminary',
      author: [{ reference: expect.stringMatching(/^Device\//) }],
    });
    expect((await wetread.fetch('/fhir/DiagnosticReport/nothing/$document')).status).toBe(404);
    expect((await wetread.fetch(`/fhir/Patient/${id}/$document`)).status).toBe(404);
  });
});
