import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { aChestXray } from './instances.js';
import { aPhantom, graph } from './phantoms.js';
import { StatementCounter } from './statement-counter.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

const STUDIES = 21;
const seedOf = (i: number) => 9_000 + i;
const phantoms = Array.from({ length: STUDIES }, (_, i) => aPhantom({ seed: seedOf(i), rows: 128, columns: 128 }));
const hand = aChestXray({ BodyPartExamined: 'HAND' });

let counter: StatementCounter;
let wetread: Wetread;
beforeAll(async () => {
  counter = await StatementCounter.before(await newDatabase());
  wetread = await Wetread.start({ DATABASE_URL: counter.url, EXECUTION_PROVIDERS: 'cpu' }, { embedded: true });
  await wetread.store(...phantoms.map(({ bytes }) => bytes), hand.bytes);
  await eventually(
    async () => ((await pageOf('first: 50')).edges.length === STUDIES && (await left()) === 0 ? true : undefined),
    'report of every study',
  );
});
afterAll(async () => {
  await wetread.remove();
  counter.close();
});

interface Page {
  edges: { cursor: string; node: { id: string; issued: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
const pageOf = async (parameters: string): Promise<Page> =>
  (
    await graph<{ reports: Page }>(
      wetread,
      `{ reports(${parameters}) { edges { cursor node { id issued } } pageInfo { hasNextPage endCursor } } }`,
    )
  ).data.reports;
const left = async (): Promise<number> => {
  const waiting = /wetread_work_items\{[^}]*\} (\d+)/g;
  return [...(await (await wetread.fetch('/metrics')).text()).matchAll(waiting)].reduce((sum, [, count]) => sum + Number(count), 0);
};
const codeOf = async (query: string): Promise<unknown> => {
  const { errors, text } = await graph(wetread, query);
  expect(text).not.toMatch(/stacktrace|node_modules|dist\/|\.js:\d/);
  expect(errors?.every(({ message }) => /\w{3}/.test(message))).toBe(true);
  return errors?.[0].extensions?.['code'];
};

describe('The graph', () => {
  it('goes from a study to its series, instances and readings', async () => {
    const [{ studyInstanceUID, seriesInstanceUID, sopInstanceUID, patientID }] = phantoms;
    const { data, errors } = await graph<{ study: { series: { modality: string }[] } }>(
      wetread,
      `query($uid: String!) { study(studyInstanceUID: $uid) {
      studyInstanceUID patientID patientName studyDate series { seriesInstanceUID modality instances {
        sopInstanceUID sha256 bytes derived readings { state probabilities confidence uncertainty provider quality { score } timings { run } model { name } } } } } }`,
      { uid: studyInstanceUID },
    );
    expect(errors).toBeUndefined();
    expect(data.study).toMatchObject({ studyInstanceUID, patientID, patientName: 'Phantom^Chest', studyDate: '20260115' });
    expect(data.study.series.map(({ modality }) => modality).sort()).toEqual(['DX', 'OT', 'SR']);
    expect(data.study.series.find(({ modality }) => modality === 'DX')).toEqual({
      seriesInstanceUID,
      modality: 'DX',
      instances: [
        {
          sopInstanceUID,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          bytes: phantoms[0].bytes.length,
          derived: false,
          readings: [
            {
              state: 'READ',
              probabilities: [expect.any(Number), expect.any(Number)],
              confidence: expect.any(Number),
              uncertainty: expect.any(Number),
              provider: 'cpu',
              quality: { score: expect.any(Number) },
              timings: { run: expect.any(Number) },
              model: { name: 'chest-pneumonia' },
            },
          ],
        },
      ],
    });
  });

  it('says why an image was not read, and null of what is not there', async () => {
    const { data } = await graph(
      wetread,
      '{ hand: study(studyInstanceUID: "' +
        hand.studyInstanceUID +
        '") { reports { id } series { instances { readings { state reasonCode reason probabilities } } } } none: study(studyInstanceUID: "1.2.3") { id } report(id: "none") { id } }',
    );
    expect(data).toEqual({
      hand: {
        reports: [],
        series: [
          {
            instances: [
              {
                readings: [
                  { state: 'NOT_READ', reasonCode: expect.stringMatching(/\w/), reason: expect.stringMatching(/\w/), probabilities: null },
                ],
              },
            ],
          },
        ],
      },
      none: null,
      report: null,
    });
  });

  it('names the models, what each runs on, and which providers were refused', async () => {
    const { data } = await graph(
      wetread,
      '{ models { name version sha256 notForClinicalUse classes provider refusedProviders { provider why } } }',
    );
    expect(data).toEqual({
      models: [
        {
          name: 'chest-pneumonia',
          version: expect.stringMatching(/^\d+$/),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          notForClinicalUse: true,
          classes: expect.arrayContaining([expect.any(String)]),
          provider: 'cpu',
          refusedProviders: [],
        },
      ],
    });
  });

  it('is described by itself', async () => {
    const { data } = await graph<IntrospectionQuery>(wetread, getIntrospectionQuery());
    expect(Object.keys(buildClientSchema(data).getQueryType()?.getFields() ?? {}).sort()).toEqual([
      'audit',
      'classify',
      'models',
      'node',
      'nodes',
      'readings',
      'regulatoryRecord',
      'regulatoryRecords',
      'report',
      'reports',
      'signingKeys',
      'studies',
      'study',
      'validationDataset',
      'validationDatasets',
      'validationStudies',
      'validationStudy',
      'workitems',
    ]);
  });
});

describe('Reports, a page at a time', () => {
  it('come newest first, without loss or repetition', async () => {
    const nodes: Page['edges'][number]['node'][] = [];
    for (let after = ''; ;) {
      const { edges, pageInfo } = await pageOf(`first: 4${after}`);
      nodes.push(...edges.map(({ node }) => node));
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
      if (!pageInfo.hasNextPage) break;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(STUDIES);
    expect(nodes).toHaveLength(STUDIES);
    expect(nodes.map(({ issued }) => issued)).toEqual(
      nodes
        .map(({ issued }) => issued)
        .sort()
        .reverse(),
    );
  });

  it.each([
    ['a study', () => `studyInstanceUID: "${phantoms[3].studyInstanceUID}"`, 1],
    ['a patient', () => `patientID: "${phantoms[4].patientID}"`, 1],
    ['a model', () => 'modelName: "chest-pneumonia"', STUDIES],
    ['another model', () => 'modelName: "none"', 0],
    ['a time to come', () => 'issuedSince: "2100-01-01T00:00:00Z"', 0],
    ['a time gone by', () => 'issuedSince: "2020-01-01T00:00:00Z"', STUDIES],
    ['two that exclude each other', () => `patientID: "${phantoms[4].patientID}", studyInstanceUID: "${phantoms[3].studyInstanceUID}"`, 0],
  ])('are filtered by %s', async (_, filter, count) => {
    expect((await pageOf(`first: 50, filter: { ${filter()} }`)).edges).toHaveLength(count);
  });

  it('take a statement for a level, not for a row: 20 reports with all below them in 9 at most', async () => {
    const { executed, answer } = await counter.least(() =>
      graph<{ reports: { edges: unknown[] } }>(
        wetread,
        `{ reports(first: 20) { edges { node { id readings { state model { name } }
      study { studyInstanceUID reports { id } series { seriesInstanceUID instances { sopInstanceUID readings { state } } } } } } } }`,
      ),
    );
    const { errors, data } = answer;
    expect(errors).toBeUndefined();
    expect(data.reports.edges).toHaveLength(20);
    expect(executed).toEqual(
      expect.arrayContaining([
        'reporting.page',
        'archive.studies-by-row',
        'inference.readings-by-model',
        'inference.readings-of-instances',
        'ledger.append',
      ]),
    );
    expect(executed.length).toBeLessThanOrEqual(9);
  });
});

describe('What the graph refuses', () => {
  it.each([
    ['a page of none', '{ reports(first: 0) { edges { cursor } } }', 'bad-argument'],
    ['a page too long', '{ studies(first: 201) { edges { cursor } } }', 'bad-argument'],
    ['a cursor of another list', '{ reports(after: "abc") { edges { cursor } } }', 'bad-argument'],
    [
      'a cursor that is no time',
      `{ reports(after: "${Buffer.from('["x","y"]').toString('base64url')}") { edges { cursor } } }`,
      'bad-argument',
    ],
    ['a zero byte', '{ report(id: "\\u0000") { id } }', 'bad-argument'],
    ['a zero byte in a study', '{ study(studyInstanceUID: "\\u0000") { id } }', 'bad-argument'],
    ['a zero byte in a filter', '{ reports(filter: { patientID: "\\u0000" }) { edges { cursor } } }', 'bad-argument'],
    [
      'a zero byte in a cursor',
      `{ reports(after: "${Buffer.from('["2026-01-01T00:00:00Z","\\u0000"]').toString('base64url')}") { edges { cursor } } }`,
      'bad-argument',
    ],
    ['a time that is none', '{ reports(filter: { issuedSince: "yesterday" }) { edges { cursor } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown field', '{ patients { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['what cannot be parsed', '{ reports', 'GRAPHQL_PARSE_FAILED'],
    ['a mutation that there is not', 'mutation { sign }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two ends of a page', '{ reports(first: 1, last: 1) { edges { cursor } } }', 'bad-argument'],
    ['a page too long from the end', '{ reports(last: 201) { edges { cursor } } }', 'bad-argument'],
    ['a day that is none', '{ studies(filter: { fromDate: "2026-01-15" }) { edges { cursor } } }', 'bad-request'],
    ['a query too deep', `{ studies { edges { node { ${'reports { study { '.repeat(5)} id ${'} }'.repeat(5)} } } } }`, 'QUERY_TOO_DEEP'],
    [
      'a query too deep by fragments',
      `{ studies { edges { node { ...a } } } } fragment a on Study { ${'reports { study { '.repeat(3)} ...b ${'} }'.repeat(3)} } fragment b on Study { ${'reports { study { '.repeat(3)} id ${'} }'.repeat(3)} }`,
      'QUERY_TOO_DEEP',
    ],
    ['too many fields', `{ ${Array.from({ length: 501 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 'QUERY_TOO_LARGE'],
    ['a text too long', `{ ${'models { name } '.repeat(600)} }`, 'GRAPHQL_PARSE_FAILED'],
  ])('leaves with a code and without a stack: %s', async (_, query, code) => {
    expect(await codeOf(query)).toBe(code);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is a form that a foreign page could send: %s',
    async (type) => {
      for (const path of ['/graphql', '/graphql/stream']) {
        const body = '{"query":"{ models { name } }"}';
        const answer = await wetread.fetch(path, { method: 'POST', headers: { 'content-type': type }, body });
        expect([400, 415]).toContain(answer.status);
        expect(await answer.text()).not.toContain('chest-pneumonia');
      }
    },
  );

  it('is an address that a foreign page could open, or that would change something', async () => {
    expect((await wetread.fetch('/graphql?query={models{name}}')).status).toBe(400);
    const change = encodeURIComponent('mutation { claimWorkitem(input: { workitemId: "1.2" }) { transactionUID } }');
    const asked = { headers: { 'apollo-require-preflight': '1' } };
    expect((await wetread.fetch(`/graphql?query=${change}`, asked)).status).toBe(405);
  });
});
