import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import type { Binary, FhirResource, Patient } from 'fhir/r4.js';
import { getIntrospectionQuery } from 'graphql';
import { bundleOf, get, ranBundle } from './bundle-requests.js';
import { onRecord } from './phantoms.js';
import { FhirGraphClient, put } from './fhir-graph-client.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
let graph: FhirGraphClient;

const anObservation = (n: number): FhirResource => ({
  resourceType: 'Observation',
  id: `o${n}`,
  status: n % 2 === 0 ? 'final' : 'preliminary',
  code: { coding: [{ system: 'urn:s', code: `c${n}` }], text: `measure ${n}` },
  subject: { reference: 'Patient/p' },
  effectiveDateTime: `2026-01-0${n}`,
  valueQuantity: { value: n / 2, unit: 'mm' },
});

beforeAll(async () => {
  wetread = await Wetread.start();
  graph = new FhirGraphClient(wetread);
  await put(wetread, {
    resourceType: 'Patient',
    id: 'p',
    active: true,
    name: [
      { use: 'official', family: 'Reed', given: ['Ann', 'Beth'] },
      { use: 'usual', given: ['Annie'] },
    ],
    birthDate: '1980-02-03',
    _birthDate: { extension: [{ url: 'urn:time', valueDateTime: '1980-02-03T04:05:06Z' }] },
    extension: [
      { url: 'urn:a', valueCode: 'first' },
      { url: 'urn:b', valueCode: 'second' },
    ],
    managingOrganization: { reference: 'Organization/nowhere' },
  } as Patient & FhirResource);
  for (let n = 1; n <= 5; n++) await put(wetread, anObservation(n));
  await put(wetread, {
    resourceType: 'DiagnosticReport',
    id: 'r',
    contained: [{ resourceType: 'Practitioner', id: 'reader', name: [{ family: 'Wise' }] } as FhirResource],
    status: 'final',
    code: { text: 'Chest' },
    subject: { reference: `${wetread.url}/fhir/Patient/p` },
    performer: [{ reference: '#reader' }],
    result: [1, 2, 3, 4, 5].map((n) => ({ reference: `Observation/o${n}` })),
  });
});
afterAll(() => wetread.remove());

describe('A resource asked by GraphQL (R4 graphql.html)', () => {
  it('gives the members asked for: lists filtered by a member, by FHIRPath, by place', async () => {
    const query = `{
      official: name(use: official) { family } exists: name(fhirpath: "family.exists() and given.count() = 2") { family }
      second: name(_offset: 1, _count: 1) { given } none: name(use: "old") { family }
      given: name { given(_count: 1) } extension(url: "urn:b") { valueCode } resourceType __typename
    }`;
    expect(await graph.data(query, { at: 'Patient/p/$graphql' })).toEqual({
      official: [{ family: 'Reed' }],
      exists: [{ family: 'Reed' }],
      second: [{ given: ['Annie'] }],
      given: [{ given: ['Ann'] }, { given: ['Annie'] }],
      extension: [{ valueCode: 'second' }],
      resourceType: 'Patient',
      __typename: 'Patient',
    });
  });

  it('gives what a primitive has beside its value', async () => {
    expect(
      await graph.data('{ birthDate _birthDate { extension(url: "urn:time") { valueDateTime } } }', { at: 'Patient/p/$graphql' }),
    ).toEqual({
      birthDate: '1980-02-03',
      _birthDate: { extension: [{ valueDateTime: '1980-02-03T04:05:06Z' }] },
    });
  });

  it('follows references: with and without a fragment, to a type, contained, by the whole address', async () => {
    const query = `query ($type: ResourceType) {
      subject { resource { birthDate } } patient: subject { resource { ... on Patient { active } ... on Group { quantity } } }
      group: subject { resource(type: Group) { id } } typed: subject { resource(type: $type) { id resourceType } }
      performer { resource { ... on Practitioner { name { family } } } } contained { id ...named }
      result(_count: 2) { resource { id valueQuantity { value } } }
    } fragment named on Practitioner { name { family } }`;
    expect(await graph.data(query, { at: 'DiagnosticReport/r/$graphql', variables: { type: 'Patient' } })).toEqual({
      subject: { resource: { birthDate: '1980-02-03' } },
      patient: { resource: { active: true } },
      group: {},
      typed: { resource: { id: 'p', resourceType: 'Patient' } },
      performer: [{ resource: { name: [{ family: 'Wise' }] } }],
      contained: [{ id: 'reader', name: [{ family: 'Wise' }] }],
      result: [{ resource: { id: 'o1', valueQuantity: { value: 0.5 } } }, { resource: { id: 'o2', valueQuantity: { value: 1 } } }],
    });
  });

  it('tells of a reference that leads nowhere, unless it is said to be optional', async () => {
    const at = 'Patient/p/$graphql';
    expect(await graph.ask('{ id managingOrganization { reference resource { id } } }', { at })).toEqual({
      data: { id: 'p', managingOrganization: { reference: 'Organization/nowhere' } },
      errors: [
        {
          message: 'The reference leads to no resource of this server.',
          locations: expect.any(Array),
          path: ['managingOrganization', 'resource'],
          extensions: { code: 'reference-unresolved', status: 404 },
        },
      ],
    });
    expect(await graph.data('{ managingOrganization { resource(optional: true) { id } } }', { at })).toEqual({ managingOrganization: {} });
  });

  it('finds what refers to it', async () => {
    const query = `query ($count: Int) { ObservationList(_reference: subject, status: final, _sort: "-date", _count: $count) { id }
      DiagnosticReportConnection(_reference: patient) { count edges { resource { id } } } }`;
    expect(await graph.data(query, { at: 'Patient/p/$graphql', variables: { count: 1 } })).toEqual({
      ObservationList: [{ id: 'o4' }],
      DiagnosticReportConnection: { count: 1, edges: [{ resource: { id: 'r' } }] },
    });
    expect(await graph.codes('{ ObservationList(_reference: status) { id } }', { at: 'Patient/p/$graphql' })).toEqual([
      'bad-search-parameter',
    ]);
  });

  it('keeps the digits of a decimal', async () => {
    const text = JSON.stringify({ ...anObservation(1), id: 'digits' }).replace('"value":0.5', '"value":0.500');
    const put = { method: 'PUT', headers: { 'content-type': FHIR_JSON }, body: text };
    expect((await wetread.fetch('/fhir/Observation/digits', put)).status).toBe(201);
    const answer = await graph.post('{"query":"{ valueQuantity { value } }"}', 'Observation/digits/$graphql');
    expect(await answer.text()).toBe('{"data":{"valueQuantity":{"value":0.500}}}');
    expect((await wetread.fetch('/fhir/Observation/digits', { method: 'DELETE' })).ok).toBe(true);
  });

  it('is on record, as any look is', async () => {
    await graph.data('{ id subject { resource { id } } result { resource { id } } }', { at: 'DiagnosticReport/r/$graphql' });
    const looks = (await onRecord(wetread, 'data.fetched')).slice(-1);
    const results = [1, 2, 3, 4, 5].map((n) => `Observation/o${n}`);
    expect(looks).toMatchObject([
      {
        actor: 'local',
        entity: { type: 'DiagnosticReport', id: 'r' },
        changes: { what: 'resource', version: 1, referred: expect.arrayContaining(['Patient/p', ...results]) },
      },
    ]);
    await graph.data('{ ObservationList(_id: o1) { subject { resource { id } } } }');
    const [list, subject] = (await onRecord(wetread, 'data.fetched')).slice(-2);
    expect([list.entity, list.changes]).toMatchObject([{ type: 'Observation' }, { what: 'search', parameters: ['_id'], matches: 1 }]);
    expect(subject.entity).toEqual({ type: 'Patient', id: 'p' });
  });
});

describe('The whole server asked by GraphQL', () => {
  it('gives one by id, lists and connections, by variables of whatever scalar type', async () => {
    const query = `query ($id: ID!, $name: String, $active: Boolean, $codes: [String!]) {
      Patient(id: $id) { id } again: Patient(_id: "p") { id } PatientList(name: $name, active: $active) { id }
      ObservationList(code: $codes, _sort: date) { id }
    }`;
    const variables = { id: 'p', name: 'ree', active: true, codes: ['c1', 'c3'] };
    expect(await graph.data(query, { variables })).toEqual({
      Patient: { id: 'p' },
      again: { id: 'p' },
      PatientList: [{ id: 'p' }],
      ObservationList: [{ id: 'o1' }, { id: 'o3' }],
    });
    expect(await graph.data('{ PatientList(name: nobody) { id } }')).toEqual({ PatientList: [] });
  });

  it('goes from page to page by cursors that say all that was asked', async () => {
    interface Page {
      readonly offset: number;
      readonly edges: readonly { readonly resource: { readonly id: string } }[];
      readonly first?: string;
      readonly previous?: string;
      readonly next?: string;
      readonly last?: string;
    }
    const members = 'count offset pagesize edges { mode resource { id } } first previous next last';
    const page = async (asked: string) =>
      (await graph.data(`{ ObservationConnection(${asked}) { ${members} } }`)) as { ObservationConnection: Page };
    const idsOf = ({ ObservationConnection: { edges } }: { ObservationConnection: Page }) => edges.map(({ resource }) => resource.id);
    const one = await page('subject: "Patient/p", _sort: date, _count: 2');
    expect(one.ObservationConnection).toMatchObject({ count: 5, offset: 0, pagesize: 2 });
    expect([idsOf(one), Object.keys(one.ObservationConnection).slice(4)]).toEqual([
      ['o1', 'o2'],
      ['next', 'last'],
    ]);
    const two = await page(`cursor: "${one.ObservationConnection.next}"`);
    expect([idsOf(two), two.ObservationConnection.offset]).toEqual([['o3', 'o4'], 2]);
    const three = await page(`cursor: "${two.ObservationConnection.next}"`);
    expect([idsOf(three), Object.keys(three.ObservationConnection).slice(4)]).toEqual([['o5'], ['first', 'previous']]);
    expect(idsOf(await page(`cursor: "${one.ObservationConnection.last}"`))).toEqual(['o5']);
    expect(idsOf(await page(`cursor: "${three.ObservationConnection.previous}"`))).toEqual(['o3', 'o4']);
    expect(idsOf(await page(`cursor: "${three.ObservationConnection.first}"`))).toEqual(['o1', 'o2']);
    expect(await graph.codes('{ ObservationConnection(cursor: "abc") { count } }')).toEqual(['bad-argument']);
  });

  it('tells of an id that is not there, and of parameters that are none', async () => {
    expect(await graph.ask('{ Patient(id: nobody) { id } Observation(id: o1) { id } }')).toMatchObject({
      data: { Observation: { id: 'o1' } },
      errors: [{ extensions: { code: 'record-absent', status: 404 } }],
    });
    expect(await graph.codes('{ Patient { id } }')).toEqual(['bad-argument']);
    expect(await graph.codes('{ PatientList(shoe: 44) { id } }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await graph.codes('{ ObservationList(date: "no day") { id } }')).toEqual(['bad-search-parameter']);
  });

  it('makes a table of a tree', async () => {
    const query = `{ Patient(id: p) { name @flatten { family given @first } } ObservationList(_sort: date, _count: 2) @flatten {
      id code @flatten { text @singleton } } }`;
    expect(await graph.ask(query)).toMatchObject({ errors: [{ extensions: { code: 'no-singleton' } }] });
    expect(await graph.data(query.replace(' @singleton', ''))).toEqual({
      Patient: { family: ['Reed'], given: ['Ann', 'Annie'] },
      id: ['o1', 'o2'],
      text: ['measure 1', 'measure 2'],
    });
    const sliced = 'query ($by: String!) { Patient(id: p) { name @slice(path: $by) { given @first } } }';
    expect(await graph.data(sliced, { variables: { by: 'use' } })).toEqual({
      Patient: { 'name.official': [{ given: 'Ann' }], 'name.usual': [{ given: 'Annie' }] },
    });
  });

  it('asks the schema: the types of R4, as clients and their tools read them', async () => {
    const { data } = await graph.ask(getIntrospectionQuery());
    const { types } = (data ?? {})['__schema'] as { types: { name: string; fields?: { name: string }[] }[] };
    const fieldsOf = (name: string) => types.find((one) => one.name === name)?.fields?.map((one) => one.name);
    expect(fieldsOf('Query')).toEqual(expect.arrayContaining(['Patient', 'PatientList', 'PatientConnection']));
    expect(fieldsOf('Observation')).toEqual(
      expect.arrayContaining(['id', 'resourceType', 'valueQuantity', 'valueString', '_valueString', 'ObservationList']),
    );
    expect(await graph.data('{ __type(name: "Reference") { fields { name } } }')).toEqual({
      __type: { fields: expect.arrayContaining([{ name: 'resource' }]) },
    });
  });
});

describe('GraphQL elsewhere', () => {
  it('is an entry of a batch: its answer is a Binary', async () => {
    const query = encodeURIComponent('{ id }');
    const parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'query', valueString: '{ Patient(id: p) { id } }' }],
    } as FhirResource;
    const entries = await ranBundle(
      wetread,
      bundleOf(
        'batch',
        get(`Patient/p/$graphql?query=${query}`),
        { resource: parameters, request: { method: 'POST', url: '$graphql' } },
        get('$graphql'),
      ),
    );
    const texts = entries.map(({ resource }) =>
      resource?.resourceType === 'Binary' ? Buffer.from((resource as Binary).data ?? '', 'base64').toString() : '',
    );
    expect(texts).toEqual(['{"data":{"id":"p"}}', '{"data":{"Patient":{"id":"p"}}}', '']);
    expect(entries.map(({ response }) => response?.status)).toEqual(['200', '200', '400']);
  });

  it('answers MedplumClient as it is', async () => {
    const medplum = new MedplumClient({ baseUrl: `${wetread.url}/`, fhirUrlPath: 'fhir/', fetch });
    const query =
      'query ($id: ID!) { Patient(id: $id) { resourceType name { family } ObservationList(_reference: subject, _count: 1) { id } } }';
    expect(await medplum.graphql(query, null, { id: 'p' })).toEqual({
      data: { Patient: { resourceType: 'Patient', name: [{ family: 'Reed' }, {}], ObservationList: [{ id: 'o5' }] } },
    });
  });
});
