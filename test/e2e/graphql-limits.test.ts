import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { graph } from './phantoms.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start();
});
afterAll(() => wetread.remove());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const post = (server: Wetread, body: string) =>
  server.fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const stream = async (server: Wetread, body: object) =>
  (
    await server.fetch('/graphql/stream', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  ).text();
const times = (count: number, one: (i: number) => string, between = ' ') => Array.from({ length: count }, (_, i) => one(i)).join(between);

describe('What would cost too much is refused before anything of it is done', () => {
  const doubling = times(30, (i) => `fragment f${i} on Study { ...f${i + 1} ...f${i + 1} }`);
  it.each<[string, () => string, string | RegExp]>([
    ['50 levels', () => `{ studies { edges { node { ${'reports { study { '.repeat(24)} id ${'} }'.repeat(24)} } } } }`, 'QUERY_TOO_DEEP'],
    ['5,000 aliases', () => `{ ${times(5_000, (i) => `a${i}: models { name }`)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['51 aliases', () => `{ ${times(51, (i) => `a${i}: __typename`)} }`, 'QUERY_TOO_MANY_ALIASES'],
    ['51 directives', () => `{ ${times(51, () => `f: models { name @include(if: true) }`)} }`, /QUERY_TOO_MANY/],
    [
      'fragments in a circle',
      () => '{ studies { edges { node { ...a } } } } fragment a on Study { ...b } fragment b on Study { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'fragments that double',
      () => `{ studies { edges { node { ...f0 } } } } ${doubling} fragment f30 on Study { id studyDate }`,
      /GRAPHQL_VALIDATION_FAILED|QUERY_TOO/,
    ],
    [
      'lists within lists within pages',
      () => '{ reports(first: 200) { edges { node { study { series { instances { readings { quality { score } } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'a page that a variable makes long',
      () => 'query($n: Int = 200) { readings(first: $n) { edges { node { study { series { instances { readings { state } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'pages in a fragment',
      () =>
        '{ ...all } fragment all on Query { studies(last: 200) { edges { node { reports { study { reports { findings { label } } } } } } } }',
      'QUERY_TOO_COSTLY',
    ],
    ['a long comment', () => `{ models { name } } #${'x'.repeat(200_000)}`, 'QUERY_TOO_LONG'],
    ['100,000 words', () => `{ ${'a '.repeat(100_000)} }`, 'QUERY_TOO_LONG'],
  ])('%s', async (_, query, code) => {
    const began = performance.now();
    const { status, errors, data } = await graph<undefined>(wetread, query());
    expect(performance.now() - began).toBeLessThan(1_000);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toContainEqual(
      typeof code === 'string' ? code : expect.stringMatching(code),
    );
    expect((await wetread.fetch('/health/live')).status).toBe(200);
  });

  it('and what is within is not: a page of 200 with patients and findings; a page as short as its variable says', async () => {
    for (const [query, variables] of [
      ['{ reports(first: 200) { edges { node { id findings { label } patient { id identifiers { value } } } } } }', {}],
      ['query($n: Int) { reports(first: $n) { edges { node { study { series { instances { readings { state } } } } } } } }', { n: 5 }],
    ] as const)
      expect((await graph(wetread, query, variables)).errors).toBeUndefined();
    expect(
      (
        await graph(
          wetread,
          'query($n: Int) { reports(first: $n) { edges { node { study { series { instances { readings { state } } } } } } } }',
          { n: 200 },
        )
      ).errors,
    ).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  });

  it('12 MB, several operations in one request, and a body that is none', async () => {
    const began = performance.now();
    expect([400, 413]).toContain(
      (await post(wetread, JSON.stringify({ query: `{ models { name } } #${'x'.repeat(12 * 2 ** 20)}` }))).status,
    );
    expect(performance.now() - began).toBeLessThan(1_000);
    const one = { query: '{ models { name } }' };
    expect((await post(wetread, JSON.stringify([one, one]))).status).toBe(400);
    expect((await post(wetread, '{')).status).toBe(400);
    expect((await post(wetread, '{}')).status).toBe(400);
  });
});

describe('What is looked for', () => {
  const long = (characters: number) => 'x'.repeat(characters);
  const asked = (query: string, variables: object) => graph<Record<string, unknown> | null>(wetread, query, { ...variables });

  it.each<[string, string, object, string]>([
    [
      'a UID',
      'query($s: String!) { study(studyInstanceUID: $s) { id } }',
      { s: long(65) },
      'studyInstanceUID must have 64 characters at most',
    ],
    ['an id', 'query($s: String!) { report(id: $s) { id } }', { s: long(401) }, 'id must have 400 characters at most'],
    [
      'a text of a filter',
      'query($s: String!) { reports(filter: { patientID: $s }) { edges { cursor } } }',
      { s: long(65) },
      'filter.patientID must have 64 characters at most',
    ],
    [
      'words',
      'query($f: StudyFilter) { studies(filter: $f) { edges { cursor } } }',
      { f: { text: long(201) } },
      'filter.text must have 200 characters at most',
    ],
    [
      'statuses',
      'query($s: [ReportStatus!]) { reports(filter: { statuses: $s }) { edges { cursor } } }',
      { s: Array.from({ length: 6 }, () => 'FINAL') },
      'filter.statuses must be 5 at most',
    ],
    [
      'what comes back',
      'mutation($i: RequestReadingInput!) { requestReading(input: $i) { clientMutationId } }',
      { i: { studyInstanceUID: '1.2', clientMutationId: long(201) } },
      'clientMutationId must have 200 characters at most',
    ],
  ])('has a size: %s', async (_, query, variables, why) => {
    const { errors } = await asked(query, variables);
    expect(errors).toMatchObject([{ message: `The argument ${why}.`, extensions: { code: 'bad-argument', status: 400 } }]);
  });

  it('is refused at once beyond it, however often it is asked, and leaves little on record', async () => {
    const sizes = () => wetread.sql<{ n: number }>('SELECT coalesce(sum(length(sealed)), 0)::int AS n FROM ledger_record');
    const [before] = await sizes();
    const began = performance.now();
    for (const [field, type, value] of [
      ['reports(filter: { patientID: $s })', 'String!', long(3_900_000)],
      ['studies(filter: { text: $s })', 'String!', long(3_800_000)],
      ['reports(filter: { statuses: $s })', '[ReportStatus!]', Array.from({ length: 300_000 }, () => 'FINAL')],
    ] as const) {
      const { errors } = await asked(`query($s: ${type}) { ${times(45, (i) => `a${i}: ${field} { edges { cursor } }`)} }`, { s: value });
      expect(errors).toHaveLength(45);
    }
    expect(performance.now() - began).toBeLessThan(5_000);
    const [after] = await sizes();
    expect(after.n - before.n).toBeLessThan(10_000);
  });
});

describe('A subscription over plain HTTP', () => {
  it('is refused with where it can be followed', async () => {
    const { status, errors } = await graph(wetread, 'subscription { reportIssued { id } }');
    expect([status, errors]).toEqual([
      400,
      [{ message: expect.stringMatching(/WebSocket .*\/graphql\/stream/), extensions: { code: 'SUBSCRIPTION_OVER_HTTP' } }],
    ]);
    const byGet = await wetread.fetch(`/graphql?query=${encodeURIComponent('subscription { reportIssued { id } }')}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(byGet.status).toBe(405);
    expect(wetread.log.join('')).not.toContain('graphql.failed');
  });
});

describe('Documents by their hash', () => {
  const query = 'query Names { models { name } }';
  const byHash = (more: object = {}, hash = sha256(query)) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
    ...more,
  });
  const codeOf = async (answer: Response) =>
    ((await answer.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0].extensions.code;

  it('are registered once and asked for from then on; a hash that is another’s is refused', async () => {
    expect(await codeOf(await post(wetread, JSON.stringify(byHash())))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await post(wetread, JSON.stringify(byHash({ query })))).status).toBe(200);
    expect(await (await post(wetread, JSON.stringify(byHash()))).json()).toEqual({ data: { models: [{ name: 'chest-pneumonia' }] } });
    expect((await post(wetread, JSON.stringify(byHash({ query: '{ __typename }' })))).status).toBe(400);
  });

  it('are one register for requests and event streams, by POST and by GET', async () => {
    const text = 'query Providers { models { provider } }';
    const named = byHash({}, sha256(text));
    expect(await stream(wetread, named)).toContain('"PERSISTED_QUERY_NOT_FOUND"');
    expect(await stream(wetread, byHash({ query: text }))).toContain('"BAD_REQUEST"');
    expect(await stream(wetread, { ...named, query: text })).toContain('data: {"data":{"models":[{"provider":"');
    expect(await stream(wetread, named)).toContain('data: {"data":{"models":[{"provider":"');
    expect((await post(wetread, JSON.stringify(named))).status).toBe(200);
    const address = `/graphql/stream?extensions=${encodeURIComponent(JSON.stringify(named.extensions))}`;
    expect(await (await wetread.fetch(address)).text()).toContain('data: {"data":{"models":[{"provider":"');
    for (const extensions of ['[]', '{"persistedQuery":{"version":2}}', '{"persistedQuery":"x"}', '{'])
      expect((await wetread.fetch(`/graphql/stream?extensions=${encodeURIComponent(extensions)}`)).status).toBe(400);
  });

  it('of a manifest are the only ones, where the operator says so: by hash, as text, in streams', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-manifest-'));
    const manifest = join(folder, 'manifest.json');
    const operations = [{ id: sha256(query), name: 'Names', type: 'query', body: query }];
    writeFileSync(manifest, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
    const closed = await Wetread.start({ GRAPHQL_PERSISTED_ONLY: manifest });
    expect((await post(closed, JSON.stringify(byHash()))).status).toBe(200);
    expect((await post(closed, JSON.stringify({ query }))).status).toBe(200);
    const other = '{ models { version } }';
    expect(await codeOf(await post(closed, JSON.stringify({ query: other })))).toBe('PERSISTED_QUERY_ONLY');
    expect(await codeOf(await post(closed, JSON.stringify(byHash({ query: other }, sha256(other)))))).toBe('PERSISTED_QUERY_ONLY');
    expect(await codeOf(await post(closed, JSON.stringify(byHash({}, sha256(other)))))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await codeOf(await post(closed, JSON.stringify({ query: getIntrospectionQuery() })))).toBe('PERSISTED_QUERY_ONLY');
    expect(await stream(closed, { query: other })).toContain('"PERSISTED_QUERY_ONLY"');
    expect(await stream(closed, byHash({ query: other }, sha256(other)))).toContain('"PERSISTED_QUERY_ONLY"');
    expect(await stream(closed, byHash())).toContain('data: {"data":{"models"');
    await closed.remove();
    writeFileSync(manifest, JSON.stringify({ operations: [{ id: sha256(other), body: query }] }));
    await expect(Wetread.start({ GRAPHQL_PERSISTED_ONLY: manifest })).rejects.toThrow(/GRAPHQL_PERSISTED_ONLY/);
    rmSync(folder, { recursive: true });
  });
});

/** What a WebSocket answers, as text. */
async function overSocket(query: string, variables: object): Promise<string> {
  const client = createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    const { value } = (await client.iterate({ query, variables: { ...variables } }).next()) as { value: unknown };
    return JSON.stringify(value);
  } catch (errors) {
    return JSON.stringify({ errors });
  } finally {
    await client.dispose();
  }
}

describe('A graph that does not describe itself', () => {
  it('answers everything else', async () => {
    const silent = await Wetread.start({ GRAPHQL_INTROSPECTION: '0' });
    expect((await graph(silent, '{ __schema { types { name } } }')).status).toBe(400);
    expect((await graph(silent, '{ model: __type(name: "Model") { name } }')).status).toBe(400);
    expect((await graph(silent, '{ __typename models { __typename name } }')).status).toBe(200);
    expect(await stream(silent, { query: '{ __schema { types { name } } }' })).toContain('"errors"');
    const ofFhir = async (query: string) => (await silent.fetch(`/fhir/$graphql?query=${encodeURIComponent(query)}`)).text();
    for (const query of ['{ __schema { types { name } } }', '{ patient: __type(name: "Patient") { name } }'])
      expect(await ofFhir(query)).toContain('"GRAPHQL_VALIDATION_FAILED"');
    expect(await ofFhir('{ __typename }')).toContain('"Query"');
    await silent.remove();
  });
});

describe('Names that were not asked for', () => {
  it.each<[string, string, object]>([
    ['a field', '{ modles { name } }', {}],
    ['an argument', '{ reports(frist: 1) { edges { cursor } } }', {}],
    ['a type', '{ node(id: "x") { ... on Studdy { id } } }', {}],
    ['a value', '{ reports(filter: { statuses: [PRELIMINARI] }) { edges { cursor } } }', {}],
    [
      'a value in a variable',
      'query($f: ReportFilter) { reports(filter: $f) { edges { cursor } } }',
      { f: { statuses: ['PRELIMINARI'], statusses: [] } },
    ],
  ])('are not told to who nearly has them: %s', async (_, query, variables) => {
    const { errors, text } = await graph(wetread, query, { ...variables });
    const told = [text, await stream(wetread, { query, variables }), await overSocket(query, variables)];
    expect(errors?.length).toBeGreaterThan(0);
    for (const one of told) {
      expect(one).toContain('"errors"');
      expect(one).not.toMatch(/did you mean|models|first|"Study"|PRELIMINARY|"statuses"/i);
    }
  });
});
