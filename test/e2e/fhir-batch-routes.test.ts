import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, BundleEntry, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { bundleOf, create, get, postBundle, ranBundle, statuses } from './bundle-requests.js';
import { onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
  await put({ resourceType: 'Patient', id: 'p', name: [{ family: 'First' }], meta: { tag: [{ code: 'tagged' }] } });
  await put({ resourceType: 'Patient', id: 'p', name: [{ family: 'Second' }], meta: { tag: [{ code: 'tagged' }] } });
  await put(anObservation('o'));
});
afterAll(() => wetread.remove());

const anObservation = (id: string): FhirResource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'urn:s', code: 'c' }] },
  subject: { reference: 'Patient/p' },
  effectiveDateTime: '2026-01-01',
});
const put = async (resource: FhirResource): Promise<void> => {
  const init = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(resource) };
  expect((await wetread.fetch(`/fhir/${resource.resourceType}/${resource.id}`, init)).ok).toBe(true);
};
const post = (url: string, resource?: FhirResource): BundleEntry => ({ ...(resource && { resource }), request: { method: 'POST', url } });
const alone = (path: string): Promise<Record<string, unknown>> => wetread.json(`/fhir${path.startsWith('?') ? '' : '/'}${path}`, FHIR_JSON);
const without = ({ date: _date, ...rest }: Record<string, unknown>) => rest;

const READINGS = [
  '_history',
  '_history?_count=1',
  'Patient/_history',
  'Patient/p/_history',
  'Patient/p/_history?_since=2020-01-01T00:00:00Z',
  'metadata',
  'Patient/p/Observation',
  'Patient/p/Observation?status=final&_count=1',
  'Device/d/Observation',
  '?_type=Patient,Observation',
  '?_type=Patient&_elements=id',
];
const OPERATIONS = [
  'Patient/p/$everything',
  'Patient/p/$everything?_type=Observation',
  'Observation/$lastn?patient=p',
  'Patient/p/$meta',
  'Patient/$meta',
  'Patient/p/$validate',
  'Patient/p/*',
];

describe('An entry of a batch', () => {
  it.each([...READINGS, ...OPERATIONS])('gets of %s what its address gives alone', async (url) => {
    const [entry] = await ranBundle(wetread, bundleOf('batch', get(url)));
    expect(entry.response).toEqual({ status: '200' });
    expect(without(entry.resource as unknown as Record<string, unknown>)).toEqual(without(await alone(url)));
  });

  it('may name the server, and its form is JSON whatever it asks for', async () => {
    const base = `${wetread.url}/fhir`;
    const urls = [`${base}/metadata`, `${base}/Patient/p/$meta?_format=xml`, `${base}?_type=Patient`, '/Patient/p'];
    const entries = await ranBundle(wetread, bundleOf('batch', ...urls.map(get)));
    expect(entries.map(({ resource }) => resource?.resourceType)).toEqual(['CapabilityStatement', 'Parameters', 'Bundle', 'Patient']);
  });

  it('posts operations and searches', async () => {
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'batch',
        post('Patient/$validate', { resourceType: 'Patient', gender: 'x' } as unknown as FhirResource),
        post('Patient/p/$everything', { resourceType: 'Parameters', parameter: [{ name: '_type', valueString: 'Observation' }] }),
        post('Observation/$lastn', { resourceType: 'Parameters', parameter: [{ name: 'patient', valueString: 'p' }] }),
        post('Patient/_search?_id=p'),
        post('Patient/_search', { resourceType: 'Parameters', parameter: [{ name: '_id', valueString: 'nobody' }] }),
        post('_search?_type=Patient,Observation'),
      ),
    );
    expect(statuses(entries)).toEqual(['200', '200', '200', '200', '200', '200']);
    expect(entries[0].resource).toMatchObject({ issue: [{ severity: 'error', expression: ['Patient.gender'] }] });
    const found = entries.slice(1).map(({ resource }) => (resource as Bundle).entry?.map((one) => one.resource?.resourceType));
    expect(found).toEqual([['Observation'], ['Observation'], ['Patient'], undefined, ['Observation', 'Patient']]);
  });

  it('is told what it gets, HEAD and conditions too', async () => {
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'batch',
        { request: { method: 'HEAD', url: 'Patient/p/_history' } },
        { request: { method: 'HEAD', url: 'Patient?_id=p' } },
        { request: { method: 'HEAD', url: 'Patient/p/$meta' } },
        post('DiagnosticReport/nobody/$review'),
        get('DiagnosticReport/nobody/$document'),
        get('Patient/nobody/$everything'),
        get('Patient/nobody/_history'),
        get('Patient/p/$unheard-of'),
        get('Device/1/$everything'),
        create({ resourceType: 'Patient', id: 'x' }),
      ),
    );
    expect(statuses(entries)).toEqual(['200', '200', '200', '428', '404', '404', '404', '404', '404', '201']);
    expect(entries.slice(0, 3).map(({ resource }) => resource)).toEqual([undefined, undefined, undefined]);
    for (const { response } of entries.slice(3, 9))
      expect(response?.outcome).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'error' }] });
  });

  it('is refused where it is another Bundle to be done, an export, or no address of the server', async () => {
    const inner = bundleOf('batch', get('metadata'));
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'batch',
        post('/', inner),
        post(`${wetread.url}/fhir`, inner),
        post('?_type=Patient', inner),
        get('$export'),
        get('$export-jobs/1/Patient.ndjson'),
        get('Patient/../../health'),
        get('../health'),
        get('Organization/1/Observation'),
        { request: { method: 'DELETE', url: 'Patient/p/$meta' } },
        { request: { method: 'DELETE', url: 'metadata' } },
        get('Patient/p'),
      ),
    );
    expect(statuses(entries)).toEqual([...Array.from({ length: 10 }, () => '400'), '200']);
    expect(entries[2].response?.outcome).toMatchObject({ issue: [{ expression: ['Bundle.entry[2].request'] }] });
  });

  it('says which version an operation is for, as its request would', async () => {
    const decision: FhirResource = { resourceType: 'Parameters', parameter: [{ name: 'decision', valueCode: 'accept' }] };
    const review = post('DiagnosticReport/nobody/$review', decision);
    const matching = { ...review, request: { ...review.request, ifMatch: 'W/"1"' } } as BundleEntry;
    const codes = (await ranBundle(wetread, bundleOf('batch', review, matching))).map(
      ({ response }) => (response?.outcome as OperationOutcome | undefined)?.issue[0].details?.coding?.[0].code,
    );
    expect(codes[0]).not.toBe(codes[1]);
    expect(codes[0]).toBe('version-required');
  });

  it('is refused where the answer would hold too much, and the others are told', async () => {
    await put({ resourceType: 'Binary', id: 'large', contentType: 'image/png', data: Buffer.alloc(9 * 2 ** 20, 'x').toString('base64') });
    const large = Array.from({ length: 7 }, () => get('Binary/large'));
    const entries = await ranBundle(wetread, bundleOf('batch', ...large, create({ resourceType: 'Device' })));
    expect(statuses(entries).sort()).toEqual(['200', '200', '200', '200', '200', '201', '422', '422']);
    const answer = await postBundle(wetread, bundleOf('transaction', ...large));
    expect([answer.status, ((await answer.json()) as OperationOutcome).issue[0].expression]).toEqual([422, ['Bundle.entry[5]']]);
  });

  it('leaves a look in the ledger', async () => {
    await ranBundle(wetread, bundleOf('batch', get('Patient/p/_history'), get('?_type=Device'), get('Patient/p/$meta')));
    const looks = (await onRecord(wetread, 'data.fetched'))
      .slice(-3)
      .map(({ entity, changes }) => `${entity.type}/${entity.id} ${String(changes['what'])}`);
    expect(looks.sort()).toEqual(['Device/search bundle', 'Patient/p history', 'Patient/p resource']);
  });
});

describe('A transaction', () => {
  it('reads what it has written: histories, compartments, several types, the capabilities', async () => {
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'transaction',
        get('Patient/t/_history'),
        get('Patient/t/Observation'),
        get('?_type=Patient&_id=t'),
        get('metadata'),
        post('Patient/_search?_id=t'),
        { resource: { resourceType: 'Patient', id: 't' }, request: { method: 'PUT', url: 'Patient/t' } },
        create({ ...anObservation('x'), subject: { reference: 'Patient/t' } } as FhirResource),
      ),
    );
    expect(statuses(entries)).toEqual(['200', '200', '200', '200', '200', '201', '201']);
    expect(entries.slice(0, 5).map(({ resource }) => (resource as Bundle).total)).toEqual([1, 1, 1, undefined, 1]);
    expect(entries[3].resource?.resourceType).toBe('CapabilityStatement');
  });

  it.each([
    ['an operation', get('Patient/p/$everything'), 'Bundle.entry[1].request'],
    ['an operation by POST', post('Patient/$validate', { resourceType: 'Patient' }), 'Bundle.entry[1].request'],
    ['another Bundle', post('/', bundleOf('batch', get('metadata'))), 'Bundle.entry[1].request'],
    ['a resource that is not there', get('Patient/nobody/_history'), 'Bundle.entry[1]'],
  ])('with %s is refused whole', async (_, wrong, place) => {
    const before = (await alone('Device?_summary=count'))['total'];
    const answer = await postBundle(wetread, bundleOf('transaction', create({ resourceType: 'Device' }), wrong));
    const { issue } = (await answer.json()) as OperationOutcome;
    expect([answer.status >= 400, issue[0].expression]).toEqual([true, [place]]);
    expect((await alone('Device?_summary=count'))['total']).toBe(before);
  });
});

describe('Prefer: handling', () => {
  const search = get('Patient?_id=p&shoe=1');

  it.each<[string, Record<string, string>]>([
    ['strict', { prefer: 'handling=strict' }],
    ['not said', {}],
  ])('%s refuses the entry of a batch, and the whole of a transaction', async (_, headers) => {
    const [entry] = await ranBundle(wetread, bundleOf('batch', search), headers);
    expect(entry.response).toMatchObject({ status: '400', outcome: { issue: [{ severity: 'error' }] } });
    expect((await postBundle(wetread, bundleOf('transaction', search), headers)).status).toBe(400);
  });

  it.each(['batch', 'transaction'] as const)('lenient leaves out what it does not know in a %s, and says so', async (type) => {
    const [entry] = await ranBundle(wetread, bundleOf(type, search), { prefer: 'return=minimal, handling=lenient' });
    expect(entry.response?.status).toBe('200');
    expect((entry.resource as Bundle).entry?.map(({ resource, search: how }) => [resource?.resourceType, how?.mode])).toEqual([
      ['Patient', 'match'],
      ['OperationOutcome', 'outcome'],
    ]);
  });
});
