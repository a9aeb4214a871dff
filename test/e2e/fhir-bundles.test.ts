import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, BundleEntry, DiagnosticReport, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { bundleOf, create, postBundle, ranBundle, statuses, URN } from './bundle-requests.js';
import { found, onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const post = (body: unknown): Promise<Response> => postBundle(wetread, body);
const ran = (bundle: Bundle, headers?: Record<string, string>): Promise<BundleEntry[]> => ranBundle(wetread, bundle, headers);
const aPatient = (family: string, identifier = family): FhirResource => ({
  resourceType: 'Patient',
  identifier: [{ value: identifier }],
  name: [{ family }],
});
const anObservation = (subject: string): FhirResource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
});
const aReport = (subject: string, result: string[]): FhirResource => ({
  resourceType: 'DiagnosticReport',
  status: 'preliminary',
  code: { text: 'x' },
  subject: { reference: subject },
  ...(result.length > 0 && { result: result.map((reference) => ({ reference })) }),
  text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${subject}">patient</a></div>` },
});
const idIn = (entry: BundleEntry): string => /\/([^/]+\/[^/]+)\/_history\//.exec(entry.response?.location ?? '')?.[1] ?? '';

describe('A transaction (R4 http.html#transaction)', () => {
  it('gives its resources each other’s addresses, in references, extensions and narrative', async () => {
    const entries = await ran(
      bundleOf(
        'transaction',
        create(aReport(URN(1), [URN(2)]), URN(3)),
        create(aPatient('Linked'), URN(1)),
        create(anObservation(URN(1)), URN(2)),
      ),
    );
    expect(statuses(entries)).toEqual(['201', '201', '201']);
    const [report, patient, observation] = entries.map(idIn);
    const [kept] = await found<DiagnosticReport>(wetread, `DiagnosticReport?_id=${report.split('/')[1]}`);
    expect(kept.subject?.reference).toBe(patient);
    expect(kept.result).toEqual([{ reference: observation }]);
    expect(kept.text?.div).toContain(`href="${patient}"`);
  });

  it('of twenty entries with the last one wrong leaves nothing', async () => {
    const before = (await wetread.json<Bundle>('/fhir/Patient?_count=0', FHIR_JSON)).total;
    const good = Array.from({ length: 19 }, (_, i) => create(aPatient(`Lost${i}`)));
    const wrongs: [BundleEntry, number][] = [
      [create({ resourceType: 'Patient', gender: 'x' } as unknown as FhirResource), 422],
      [{ resource: { ...aPatient('P'), id: 'p' } as FhirResource, request: { method: 'PUT', url: 'Patient/p', ifMatch: 'W/"3"' } }, 412],
      [{ request: { method: 'GET', url: 'Patient/nobody' } }, 404],
      [create(anObservation('Patient?identifier=nobody')), 400],
    ];
    for (const [wrong, status] of wrongs) {
      const answer = await post(bundleOf('transaction', ...good, wrong));
      const { issue } = (await answer.json()) as OperationOutcome;
      expect([answer.status, issue[0].expression?.[0].slice(0, 16)]).toEqual([status, 'Bundle.entry[19]']);
    }
    expect((await wetread.json<Bundle>('/fhir/Patient?_count=0', FHIR_JSON)).total).toBe(before);
    expect((await onRecord(wetread, 'resource.created')).length).toBe(3); // those of the test before
  });

  it('deletes, creates, updates and reads in that order, whatever the order of its entries', async () => {
    const [{ response }] = await ran(bundleOf('transaction', create(aPatient('Old'))));
    const old = /Patient\/[^/]+/.exec(response?.location ?? '')?.[0] ?? '';
    const entries = await ran(
      bundleOf(
        'transaction',
        { request: { method: 'GET', url: 'Patient?identifier=New' } },
        { request: { method: 'GET', url: old } },
        { resource: { ...aPatient('Updated', 'New'), id: 'new-one' } as FhirResource, request: { method: 'PUT', url: 'Patient/new-one' } },
        create(aPatient('Fresh', 'New')),
      ),
    );
    expect(statuses(entries)).toEqual(['200', '200', '201', '201']);
    expect((entries[0].resource as Bundle).total).toBe(2);
    const gone = await ran(bundleOf('transaction', create(aPatient('Again', 'Old2')), { request: { method: 'DELETE', url: old } }));
    expect(statuses(gone)).toEqual(['201', '204']);
    expect((await wetread.fetch(`/fhir/${old}`)).status).toBe(410);
  });

  it('resolves conditions: on creation, update, deletion and in references', async () => {
    await ran(bundleOf('transaction', create(aPatient('Known', 'known-1')), create(aPatient('Doomed', 'doomed-1'))));
    const entries = await ran(
      bundleOf(
        'transaction',
        create(aPatient('Known again', 'known-1'), URN(1), 'identifier=known-1'),
        create(aReport(URN(1), []), URN(2)),
        create(anObservation('Patient?identifier=known-1')),
        { resource: aPatient('Updated', 'upserted-1'), request: { method: 'PUT', url: 'Patient?identifier=upserted-1' } },
        { request: { method: 'DELETE', url: 'Patient?identifier=doomed-1' } },
      ),
    );
    expect(statuses(entries)).toEqual(['200', '201', '201', '201', '204']);
    const known = idIn(entries[0]);
    expect(await found(wetread, `DiagnosticReport?patient=${known}`)).toHaveLength(1);
    expect(await found(wetread, `Observation?patient=${known}`)).toHaveLength(1);
    expect(await found(wetread, 'Patient?identifier=doomed-1')).toEqual([]);
  });

  it('creates anew what it deletes and creates on a condition', async () => {
    const [made] = await ran(bundleOf('transaction', create(aPatient('Renewed', 'renewed-1'))));
    const entries = await ran(
      bundleOf(
        'transaction',
        { request: { method: 'DELETE', url: idIn(made) } },
        create(aPatient('Renewed', 'renewed-1'), URN(1), 'identifier=renewed-1'),
        create(anObservation(URN(1))),
      ),
    );
    expect(statuses(entries)).toEqual(['204', '201', '201']);
    expect(idIn(entries[1])).not.toBe(idIn(made));
    expect(await found(wetread, `Observation?patient=${idIn(entries[1])}`)).toHaveLength(1);
  });

  it('rewrites what is an address, and no other text', async () => {
    const document: FhirResource = {
      resourceType: 'DocumentReference',
      status: 'current',
      description: URN(1),
      masterIdentifier: { system: 'urn:ietf:rfc:3986', value: URN(1) },
      content: [{ attachment: { url: URN(1) } }],
      extension: [
        { url: 'urn:x', valueString: URN(1) },
        { url: 'urn:x', valueUri: URN(1) },
      ],
    };
    const [made] = await ran(bundleOf('transaction', create(document, URN(1))), { prefer: 'return=representation' });
    const own = idIn(made);
    expect(made.resource).toMatchObject({
      description: URN(1),
      masterIdentifier: { value: URN(1) },
      content: [{ attachment: { url: own } }],
      extension: [{ valueString: URN(1) }, { valueUri: own }],
    });
  });

  it('takes a relative reference as one to the server that its entry is of', async () => {
    const there = (type: string, id: string) => `http://other.example/fhir/${type}/${id}`;
    const entries = await ran(
      bundleOf(
        'transaction',
        create(aPatient('Elsewhere'), there('Patient', '123')),
        create(anObservation('Patient/123'), there('Observation', '1')),
      ),
    );
    expect(await found(wetread, `Observation?patient=${idIn(entries[0])}`)).toHaveLength(1);
  });

  it('two of which create on the same condition at once make one resource', async () => {
    const both = bundleOf('transaction', create(aPatient('Twin', 'twin-1'), URN(1), 'identifier=twin-1'), create(anObservation(URN(1))));
    const answers = await Promise.all(Array.from({ length: 5 }, () => ran(both)));
    expect(answers.map((entries) => statuses(entries)[0]).sort()).toEqual(['200', '200', '200', '200', '201']);
    expect(await found(wetread, 'Patient?identifier=twin-1')).toHaveLength(1);
  });

  it('patches by a Binary with a JSON Patch', async () => {
    const [made] = await ran(bundleOf('transaction', create(aPatient('Patchable'))));
    const data = Buffer.from(JSON.stringify([{ op: 'add', path: '/active', value: true }])).toString('base64');
    const binary: FhirResource = { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
    const [patched] = await ran(bundleOf('transaction', { resource: binary, request: { method: 'PATCH', url: idIn(made) } }), {
      prefer: 'return=representation',
    });
    expect(patched.resource).toMatchObject({ active: true, name: [{ family: 'Patchable' }], meta: { versionId: '2' } });
  });

  it.each<[string, unknown, number, string]>([
    [
      'the same resource twice',
      bundleOf(
        'transaction',
        ...[1, 2].map(() => ({
          resource: { ...aPatient('T'), id: 'twice' } as FhirResource,
          request: { method: 'PUT' as const, url: 'Patient/twice' },
        })),
      ),
      400,
      'bundle-refused',
    ],
    ['an address that there is not', bundleOf('transaction', { request: { method: 'GET', url: 'Medication/1' } }), 400, 'bundle-refused'],
    ['a PUT without a resource', bundleOf('transaction', { request: { method: 'PUT', url: 'Patient/1' } }), 400, 'bundle-refused'],
    [
      'a POST to an id',
      bundleOf('transaction', { resource: aPatient('x'), request: { method: 'POST', url: 'Patient/1' } }),
      400,
      'bundle-refused',
    ],
    [
      'the same condition for two',
      bundleOf('transaction', ...[1, 2].map(() => create(aPatient('T'), undefined, 'identifier=t'))),
      400,
      'bundle-refused',
    ],
    ['a document', { resourceType: 'Bundle', type: 'document' }, 400, 'bundle-refused'],
    ['no Bundle', aPatient('x'), 400, 'bundle-refused'],
  ])('is refused with %s', async (_, body, status, code) => {
    const answer = await post(body);
    const { issue } = (await answer.json()) as OperationOutcome;
    expect([answer.status, issue[0].details?.coding?.[0].code]).toEqual([status, code]);
  });
});

describe('A batch (R4 http.html#transaction)', () => {
  it('does each entry by itself, whatever becomes of the others', async () => {
    const entries = await ran(
      bundleOf(
        'batch',
        create(aPatient('Batch1', 'batch-1')),
        create({ resourceType: 'Patient', gender: 'x' } as unknown as FhirResource),
        { request: { method: 'GET', url: 'Patient/nobody' } },
        {
          resource: { ...aPatient('Batch2', 'batch-2'), id: 'batch-2' } as FhirResource,
          request: { method: 'PUT', url: 'Patient/batch-2' },
        },
        { request: { method: 'DELETE', url: 'Patient/nobody' } },
        { request: { method: 'GET', url: 'Patient?shoe=1' } },
      ),
    );
    expect(statuses(entries)).toEqual(['201', '422', '404', '201', '204', '400']);
    expect(entries[1].response?.outcome).toMatchObject({ issue: [{ expression: ['Patient.gender'] }] });
    expect(await found(wetread, 'Patient?identifier=batch-1,batch-2')).toHaveLength(2);
  });

  it('reads and searches, with what the client has already left out', async () => {
    const [made] = await ran(bundleOf('batch', create(aPatient('Reader', 'reader-1'))));
    const entries = await ran(
      bundleOf(
        'batch',
        { request: { method: 'GET', url: idIn(made) } },
        { request: { method: 'GET', url: `${idIn(made)}/_history/1` } },
        { request: { method: 'GET', url: idIn(made), ifNoneMatch: 'W/"1"' } },
        { request: { method: 'GET', url: 'Patient?identifier=reader-1' } },
        { request: { method: 'HEAD', url: idIn(made) } },
        { request: { method: 'GET', url: idIn(made), ifModifiedSince: '2999-01-01T00:00:00Z' } },
        { request: { method: 'GET', url: idIn(made), ifModifiedSince: '2020-01-01T00:00:00Z' } },
      ),
    );
    expect(statuses(entries)).toEqual(['200', '200', '304', '200', '200', '304', '200']);
    const types = ['Patient', 'Patient', undefined, 'Bundle', undefined, undefined, 'Patient'];
    expect(entries.map(({ resource }) => resource?.resourceType)).toEqual(types);
  });

  it('answers what an odd entry asks for by itself', async () => {
    const [made] = await ran(bundleOf('batch', create(aPatient('Odd', 'odd-1'))));
    const entries = await ran(
      bundleOf(
        'batch',
        { request: { method: 'GET', url: 'Medication/1' } },
        { request: { method: 'GET', url: `${idIn(made)}?_elements=id` } },
        { request: { method: 'GET', url: `${idIn(made)}?_summary=all` } },
      ),
    );
    expect(statuses(entries)).toEqual(['400', '200', '400']);
    expect(Object.keys(entries[1].resource ?? {})).toEqual(['resourceType', 'id', 'meta']);
  });

  it.each([
    [
      'an entry that is no object',
      '{"resourceType":"Bundle","type":"batch","entry":[1.0,{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}',
    ],
    [
      'a member that is there twice',
      '{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","birthDate":"2001","birthDate":"1999"},"request":{"method":"POST","url":"Patient"}}]}',
    ],
  ])('is refused with %s', async (_, body) => {
    const answer = await wetread.fetch('/fhir', { method: 'POST', headers: { 'content-type': FHIR_JSON }, body });
    expect(answer.status).toBe(422);
  });
});
