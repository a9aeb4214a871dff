import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import { WorklistClient } from './a-workitem.js';
import { graph } from './phantoms.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

interface Asked {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
}
const codesIn = (text: string): string[] => [...new Set([...text.matchAll(/"code":"([^"]+)"/g)].map(([, code]) => code))];
const posted = async (path: string, asked: Asked): Promise<string[]> => {
  const headers = { 'content-type': 'application/json' };
  return codesIn(await (await wetread.fetch(path, { method: 'POST', headers, body: JSON.stringify(asked) })).text());
};
async function overSocket(asked: Asked): Promise<string[]> {
  const client = createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    return codesIn(JSON.stringify(await client.iterate({ query: '', ...asked }).next()));
  } catch (errors) {
    return codesIn(JSON.stringify(errors));
  } finally {
    await client.dispose();
  }
}

describe('What is wrong with an operation', () => {
  const NAMED = 'query A($first: Int!) { reports(first: $first) { edges { cursor } } } query B { models { name } }';
  it.each<[string, Asked, string]>([
    ['it cannot be parsed', { query: '{ reports' }, 'GRAPHQL_PARSE_FAILED'],
    ['it has too many words', { query: `{ ${'models { name } '.repeat(600)} }` }, 'GRAPHQL_PARSE_FAILED'],
    ['it is against the schema', { query: '{ shoes { size } }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable is missing', { query: NAMED, operationName: 'A' }, 'BAD_USER_INPUT'],
    ['a variable is of another type', { query: NAMED, operationName: 'A', variables: { first: 'x' } }, 'BAD_USER_INPUT'],
    ['there is no operation of its name', { query: NAMED, operationName: 'C' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['nobody says which of its operations', { query: NAMED }, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'it is too deep',
      { query: `{ studies { edges { node { ${'reports { study { '.repeat(6)} id ${'} }'.repeat(6)} } } } }` },
      'QUERY_TOO_DEEP',
    ],
  ])('has one code, whichever way it comes: %s', async (_, asked, code) => {
    expect(await posted('/graphql', asked)).toEqual([code]);
    expect(await posted('/graphql/stream', asked)).toEqual([code]);
    expect(await overSocket(asked)).toEqual([code]);
  });

  it('has them at FHIR’s graph too', async () => {
    const query = 'query A($id: ID!) { Patient(id: $id) { id } }';
    expect(await posted('/fhir/$graphql', { query })).toEqual(['BAD_USER_INPUT']);
    expect(await posted('/fhir/$graphql', { query, operationName: 'B' })).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(await posted('/fhir/$graphql', { query: '{ shoes }' })).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('A document by its hash', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const by = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });

  it('that is another’s is refused by one code', async () => {
    const asked = { query: '{ models { name } }', ...by(sha256('{ other }')) };
    expect(await posted('/graphql', asked)).toEqual(['BAD_REQUEST']);
    expect(await posted('/graphql/stream', asked)).toEqual(['BAD_REQUEST']);
    const address = `query=${encodeURIComponent(asked.query)}&extensions=${encodeURIComponent(JSON.stringify(asked.extensions))}`;
    const byGet = await wetread.fetch(`/graphql?${address}`, { headers: { 'apollo-require-preflight': '1' } });
    expect([byGet.status, codesIn(await byGet.text())]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('is kept where the document is good, and not before', async () => {
    for (const query of ['{ models', '{ shoes { size } }']) {
      await posted('/graphql/stream', { query, ...by(sha256(query)) });
      expect(await posted('/graphql/stream', by(sha256(query)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    }
  });
});

describe('What a foreign page could send', () => {
  it('is refused with the header that would tell it from that', async () => {
    const answer = await wetread.fetch('/graphql?query={models{name}}');
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('apollo-require-preflight')]);
  });
});

describe('Input that is no value of its kind', () => {
  const performer = { code: 'R1', scheme: '99HOSPITAL', meaning: 'Dr Reader', name: 'Reader^Ruth' };
  const assigned = async (workitemId: string, more: object) => {
    const { errors } = await graph(
      wetread,
      'mutation($input: AssignWorkitemInput!) { assignWorkitem(input: $input) { workitem { id } } }',
      {
        input: { workitemId, performer: { ...performer, ...more } },
      },
    );
    return errors?.map(({ message }) => message);
  };

  it('is refused by its name: a performer of several values, or with characters that DICOM ends a value by', async () => {
    const uid = await new WorklistClient(wetread).created();
    for (const [name, value] of [
      ['code', 'c\\d'],
      ['scheme', '99\\X'],
      ['meaning', 'a\u0007b'],
      ['organization', 'A\\B'],
      ['name', 'A^B=C\\D'],
      ['name', 'A^B=C'],
      ['name', 'A^B^C^D^E^F'],
    ])
      expect(await assigned(uid, { [name]: value })).toEqual([`The request is malformed: performer.${name} (matches).`]);
    expect(await assigned(uid, { name: 'Reader^Ruth^M^Dr^MD', organization: 'Klinik Ä' })).toBeUndefined();
  });

  it.each(['20261345', '99999999', '20260229', '2026011', ' 0260101'])('is refused by its name: the day %s', async (fromDate) => {
    const { errors } = await graph(wetread, 'query($f: StudyFilter) { studies(filter: $f) { edges { cursor } } }', { f: { fromDate } });
    expect(errors?.map(({ message }) => message)).toEqual(['The request is malformed: filter.fromDate (isDay).']);
  });

  it('is no id of a thing, and no cursor of another list', async () => {
    const id = Buffer.from('Study:1.2.3/x/y').toString('base64url');
    expect((await graph<unknown>(wetread, `{ node(id: "${id}") { id } }`)).data).toEqual({ node: null });
    await new WorklistClient(wetread).created();
    const { data } = await graph<{ workitems: { pageInfo: { endCursor: string } } }>(
      wetread,
      '{ workitems(first: 1) { pageInfo { endCursor } } }',
    );
    const { errors } = await graph(wetread, `{ readings(after: "${data.workitems.pageInfo.endCursor}") { edges { cursor } } }`);
    expect(errors?.map(({ message }) => message)).toEqual(['The argument after is no cursor of this list.']);
  });
});
