import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BundleEntry, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { bundleOf, create, postBundle, ranBundle, statuses, URN } from './bundle-requests.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const anObservation = (subject: string, more: object = {}): FhirResource =>
  ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: subject }, ...more }) as FhirResource;
const send = (method: string, path: string, body: unknown, type = FHIR_JSON): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
const placesIn = async (answer: Response): Promise<(string | undefined)[]> =>
  ((await answer.json()) as OperationOutcome).issue.map(({ expression }) => expression?.[0]);
const SEARCH = 'Patient?identifier=x';

describe('A reference to an entry that a transaction does not have', () => {
  it.each<[string, BundleEntry, string]>([
    ['by a UUID', create(anObservation(URN(9))), 'subject.reference'],
    ['by an OID', create(anObservation('urn:oid:1.2.3')), 'subject.reference'],
    ['in a list', create(anObservation(URN(1), { performer: [{ reference: URN(1) }, { reference: URN(8) }] })), 'performer[1].reference'],
    [
      'in an extension',
      create(anObservation(URN(1), { extension: [{ url: 'urn:x', valueReference: { reference: URN(8) } }] })),
      'extension[0].value.reference',
    ],
    [
      'in what is contained',
      create(anObservation(URN(1), { contained: [anObservation(URN(8), { id: 'c' })], hasMember: [{ reference: '#c' }] })),
      'contained[0].subject.reference',
    ],
    [
      'in an update',
      { resource: anObservation(URN(8), { id: 'u' }), request: { method: 'PUT', url: 'Observation/u' } },
      'subject.reference',
    ],
  ])('%s is refused with its place, and nothing is done', async (_, wrong, place) => {
    const before = await wetread.sql('SELECT count(*) FROM resource');
    const answer = await postBundle(wetread, bundleOf('transaction', create({ resourceType: 'Patient' }, URN(1)), wrong));
    expect([answer.status, await placesIn(answer)]).toEqual([400, [`Bundle.entry[1].resource.${place}`]]);
    expect(await wetread.sql('SELECT count(*) FROM resource')).toEqual(before);
  });

  it('is none where only the letters of a UUID are of another case', async () => {
    const upper = 'urn:uuid:ABCDEF01-2345-4678-9ABC-DEF012345678';
    const entries = await ranBundle(
      wetread,
      bundleOf('transaction', create({ resourceType: 'Patient' }, upper), create(anObservation(upper.toLowerCase().replace('URN', 'urn')))),
    );
    const { pathname } = new URL(entries[1].response?.location ?? '');
    const kept = await wetread.json<{ subject: { reference: string } }>(pathname.replace(/\/_history.*/, ''), 'application/fhir+json');
    expect(kept.subject.reference).toMatch(/^Patient\//);
  });

  it('is none where it is an address of another kind, contained, or of a Bundle that is kept as it is', async () => {
    const document: FhirResource = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: URN(5), resource: { resourceType: 'Patient' } },
        { fullUrl: URN(6), resource: anObservation(URN(5)) },
        { fullUrl: URN(7), resource: anObservation(SEARCH) },
      ],
    };
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'transaction',
        create(
          anObservation('#p', {
            contained: [{ resourceType: 'Patient', id: 'p' }],
            identifier: [{ system: 'urn:oid:1.2', value: URN(8) }],
          }),
        ),
        create(document),
        create({
          resourceType: 'Endpoint',
          status: 'active',
          connectionType: { system: 'urn:x', code: 'x' },
          payloadType: [{ text: 'x' }],
          address: URN(8),
        }),
      ),
    );
    expect(statuses(entries)).toEqual(['201', '201', '201']);
  });
});

describe('A reference that is a search', () => {
  it.each<[string, string, string, unknown, string?]>([
    ['a creation', 'POST', 'Observation', anObservation(SEARCH)],
    ['an update', 'PUT', 'Observation/o', anObservation(SEARCH, { id: 'o' })],
    ['a conditional update', 'PUT', 'Observation?status=final', anObservation(SEARCH)],
  ])('is refused in %s', async (_, method, path, body) => {
    const answer = await send(method, path, body);
    expect([answer.status, await placesIn(answer)]).toEqual([422, ['Observation.subject.reference']]);
  });

  it('is refused in a patch, and in an entry of a batch, whose others are done', async () => {
    expect((await send('PUT', 'Observation/patched', anObservation('Patient/p', { id: 'patched' }))).status).toBe(201);
    const patch = [{ op: 'replace', path: '/subject/reference', value: SEARCH }];
    expect((await send('PATCH', 'Observation/patched', patch, 'application/json-patch+json')).status).toBe(422);
    const entries = await ranBundle(wetread, bundleOf('batch', create(anObservation(SEARCH)), create(anObservation('Patient/p?'))));
    expect(statuses(entries)).toEqual(['422', '201']);
    expect(entries[0].response?.outcome).toMatchObject({ issue: [{ expression: ['Observation.subject.reference'] }] });
  });
});

describe('An entry of a batch', () => {
  it('cannot refer to another', async () => {
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'batch',
        create({ resourceType: 'Patient' }, URN(1)),
        create(anObservation(URN(1)), URN(2)),
        create(anObservation('Patient/p')),
      ),
    );
    expect(statuses(entries)).toEqual(['201', '400', '201']);
    expect(entries[1].response?.outcome).toMatchObject({ issue: [{ expression: ['Bundle.entry[1].resource.subject.reference'] }] });
  });
});
