import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationOutcome } from 'fhir/r4.js';
import { FhirGraphClient, put } from './fhir-graph-client.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const STRICT = 'application/graphql-response+json';
let wetread: Wetread;
let graph: FhirGraphClient;
beforeAll(async () => {
  wetread = await Wetread.start();
  graph = new FhirGraphClient(wetread);
  await put(wetread, { resourceType: 'Patient', id: 'p', name: [{ given: ['Ann', 'Beth'] }, { given: ['Annie'] }] });
  await put(wetread, { resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'x' } });
});
afterAll(() => wetread.remove());

describe('A GraphQL request (GraphQL over HTTP)', () => {
  it('comes by GET, as application/graphql, as Parameters', async () => {
    const query = 'query a($id: ID) { Patient(id: $id) { id } } query b { Observation(id: o1) { id } }';
    const pairs = new URLSearchParams({ query, operationName: 'a', variables: '{"id":"p"}' });
    const wanted = { data: { Patient: { id: 'p' } } };
    expect(await wetread.json(`/fhir/$graphql?${pairs}`)).toEqual(wanted);
    pairs.delete('query');
    const plain = await graph.post(query, `$graphql?${pairs}`, { 'content-type': 'application/graphql' });
    expect(await plain.json()).toEqual(wanted);
    const parameter = [
      { name: 'query', valueString: query },
      { name: 'operationName', valueString: 'b' },
    ];
    const asParameters = await graph.post(JSON.stringify({ resourceType: 'Parameters', parameter }), '$graphql', {
      'content-type': FHIR_JSON,
    });
    expect(asParameters.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await asParameters.json()).toEqual({ data: { Observation: { id: 'o1' } } });
  });

  it('has GraphQL to the letter by its own media type: null for what is absent, 400 for what is wrong', async () => {
    const query = '{ Patient(id: p) { name { text given } } }';
    expect(await graph.data(query, { accept: STRICT })).toEqual({
      Patient: {
        name: [
          { text: null, given: ['Ann', 'Beth'] },
          { text: null, given: ['Annie'] },
        ],
      },
    });
    const [wrong, also] = await Promise.all(
      [STRICT, 'application/json'].map((accept) => graph.post('{"query":"{ x }"}', '$graphql', { accept })),
    );
    expect([wrong.status, wrong.headers.get('content-type'), also.status]).toEqual([400, `${STRICT}; charset=utf-8`, 200]);
  });

  it('that is none is told as FHIR tells it', async () => {
    const statuses = async (...bodies: readonly (readonly [string, string?])[]) =>
      Promise.all(
        bodies.map(async ([body, at]) => {
          const answer = await graph.post(body, at);
          return [answer.status, ((await answer.json()) as OperationOutcome).issue[0].details?.coding?.[0].code];
        }),
      );
    const query = '{"query":"{ id }"}';
    expect(
      await statuses(
        ['{'],
        ['{}'],
        ['[{"query":"{ __typename }"}]'],
        ['{"query":1}'],
        ['{"query":"{ __typename }","variables":[]}'],
        [query, 'Patient/nobody/$graphql'],
        [query, 'Shoe/s/$graphql'],
        [query, 'Patient/p_p/$graphql'],
      ),
    ).toEqual([
      ...Array.from({ length: 5 }, () => [400, 'no-graphql-request']),
      [404, 'record-absent'],
      [404, 'type-not-served'],
      [400, 'malformed-id'],
    ]);
  });

  it.each([
    ['a syntax error', '{ Patient(', 'GRAPHQL_PARSE_FAILED'],
    ['depth', `{ Patient(id: p) ${'{ generalPractitioner { resource '.repeat(50)}{ id }${' } }'.repeat(50)} }`, 'QUERY_TOO_DEEP'],
    ['5,000 aliases', `{ ${Array.from({ length: 5_000 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 'GRAPHQL_PARSE_FAILED'],
    ['60 aliases', `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 'QUERY_TOO_LARGE'],
    ['a mutation', 'mutation { PatientDelete(id: p) { id } }', 'OPERATION_NOT_SUPPORTED'],
    [
      'fragments in a circle',
      '{ Patient(id: p) { ...a } } fragment a on Patient { ...b } fragment b on Patient { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['doubling fragments', doubling('{ id }'), 'QUERY_TOO_LARGE'],
    ['doubling fragments in a circle', doubling('{ ...f0 }'), 'GRAPHQL_VALIDATION_FAILED'],
    [
      'lists within lists',
      '{ PatientList(_count: 1000) { ObservationList(_reference: subject, _count: 1000) { id } } }',
      'QUERY_TOO_LARGE',
    ],
    [
      'lists within lists, their sizes in brackets',
      '{ PatientList(_count: [1000]) { ObservationList(_reference: subject, _count: [1000]) { id } } }',
      'QUERY_TOO_LARGE',
    ],
    [
      'lists within lists, their sizes by a variable’s own value',
      'query($n: [String] = ["1000"]) { PatientList(_count: $n) { ObservationList(_reference: subject, _count: $n) { id } } }',
      'QUERY_TOO_LARGE',
    ],
    ['a FHIRPath without end', '{ Patient(id: p) { name(fhirpath: "repeat($this)") { id } } }', 'bad-argument'],
    ['the schema twice', '{ a: __schema { types { name } } b: __schema { types { name } } }', 'QUERY_TOO_LARGE'],
    [
      'the types of the schema forty times over',
      `{ __schema { ${Array.from({ length: 40 }, (_, i) => `a${i}: types { ...F }`).join(' ')} } } fragment F on __Type { fields { type { ofType { fields { args { name description type { name ofType { name } } } } } } } }`,
      'QUERY_TOO_LARGE',
    ],
  ])('is refused at once for %s', async (_what, query, code) => {
    expect((await graph.codes(query))[0]).toBe(code);
  });

  it('is refused at once for its size', async () => {
    const answer = await graph.post(JSON.stringify({ query: `{ ${'a '.repeat(6 * 2 ** 20)}}` }));
    expect([answer.status, ((await answer.json()) as OperationOutcome).resourceType]).toEqual([413, 'OperationOutcome']);
  });
});

function doubling(end: string): string {
  const all = Array.from({ length: 150 }, (_, i) => `fragment f${i} on Patient { ...f${i + 1} ...f${i + 1} }`);
  return `{ Patient(id: p) { ...f0 } } ${all.join(' ')} fragment f150 on Patient ${end}`;
}
