import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { WorklistClient } from './a-workitem.js';
import { aPhantom, graph } from './phantoms.js';
import { StatementCounter } from './statement-counter.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

const STUDIES = 5;
const phantoms = Array.from({ length: STUDIES }, (_, i) => aPhantom({ seed: 9_500 + i, rows: 128, columns: 128 }));

let counter: StatementCounter;
/** Not by way of the counter. */
let direct: pg.Client;
let wetread: Wetread;
beforeAll(async () => {
  const url = await newDatabase();
  direct = new pg.Client({ connectionString: url });
  await direct.connect();
  counter = await StatementCounter.before(url);
  wetread = await Wetread.start({ DATABASE_URL: counter.url, EXECUTION_PROVIDERS: 'cpu' }, { embedded: true });
  for (const { bytes } of phantoms) await wetread.store(bytes);
  await eventually(
    async () =>
      (await asked<{ reports: Page }>('{ reports { edges { node { id } } } }')).reports.edges.length === STUDIES ? true : undefined,
    'reports',
  );
});
afterAll(async () => {
  await wetread.remove();
  counter.close();
  await direct.end();
});

interface Page<Node = { id: string }> {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
async function asked<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await graph<T>(wetread, query, variables);
  expect(errors).toBeUndefined();
  return data;
}
const ids = ({ edges }: Page) => edges.map(({ node }) => node.id);
/** Each thing with an id in an answer, without the things that lie in it. */
function nodesIn(value: unknown): { id: string; __typename: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one !== 'object'));
  const below = Object.values(value).flatMap(nodesIn);
  return 'id' in own ? [own as { id: string; __typename: string }, ...below] : below;
}
const studyIds = async (filter: string): Promise<string[]> =>
  (
    await asked<{ studies: Page<{ studyInstanceUID: string }> }>(
      `{ studies(first: 50, filter: { ${filter} }) { edges { node { studyInstanceUID } } } }`,
    )
  ).studies.edges.map(({ node }) => node.studyInstanceUID);

describe('A thing is found again by its id alone', () => {
  const ANY = `__typename id ... on Study { studyInstanceUID } ... on Series { seriesInstanceUID } ... on Instance { sopInstanceUID }
    ... on Report { status } ... on Finding { label } ... on Reading { state } ... on Model { name } ... on Workitem { workitemUID }`;

  it('whatever it is: study, series, instance, reading, report, finding, model, workitem', async () => {
    const uid = await new WorklistClient(wetread).created();
    const answer = await asked<object>(
      `{ studies(first: 1) { edges { node { __typename id studyInstanceUID
           series { __typename id seriesInstanceUID instances { __typename id sopInstanceUID readings { __typename id state } } }
           reports { __typename id status findings { __typename id label } } } } }
         models { __typename id name } workitems { edges { node { __typename id workitemUID } } } }`,
    );
    const nodes = nodesIn(answer);
    expect([...new Set(nodes.map(({ __typename }) => __typename))].sort()).toEqual([
      'Finding',
      'Instance',
      'Model',
      'Reading',
      'Report',
      'Series',
      'Study',
      'Workitem',
    ]);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    const again = await asked<{ nodes: unknown[] }>(`query($ids: [ID!]!) { nodes(ids: $ids) { ${ANY} } }`, {
      ids: nodes.map(({ id }) => id),
    });
    expect(again.nodes).toEqual(nodes);
    expect(await asked(`query($id: ID!) { node(id: $id) { ${ANY} } }`, { id: nodes[0].id })).toEqual({ node: nodes[0] });
    expect(nodes.find(({ __typename }) => __typename === 'Workitem')).toMatchObject({ workitemUID: uid });
  });

  it.each([
    ['of nothing', 'abc'],
    ['of a study that is not there', Buffer.from('Study:1.2.3').toString('base64url')],
    ['of a finding that a report does not have', Buffer.from('Finding:00000000-0000-0000-0000-000000000000/77').toString('base64url')],
    ['of a reading of nowhere', Buffer.from('Reading:1.2.3/1').toString('base64url')],
    ['of a type that is none', Buffer.from('Patient:1').toString('base64url')],
    ['of a workitem that is not there', Buffer.from('Workitem:1.2.3').toString('base64url')],
    ['that is too long', 'A'.repeat(500)],
    ['that is empty', ''],
    ['of a character that no text has', '\0'],
  ])('and an id %s is null', async (_, id) => {
    expect(await asked('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
  });

  it('a hundred at once, no more', async () => {
    const { errors } = await graph(wetread, 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => 'x'),
    });
    expect(errors?.[0].extensions?.['code']).toBe('bad-argument');
  });
});

describe('Pages go both ways', () => {
  it.each(['reports', 'studies', 'readings'])('of %s: backwards they are what they are forwards', async (list) => {
    const whole = (await asked<Record<string, Page>>(`{ ${list}(first: 100) { edges { cursor node { id } } ${PAGE_INFO} } }`))[list];
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false, startCursor: whole.edges[0].cursor });
    const back: string[] = [];
    for (let before = ''; ;) {
      const page: Page = (await asked<Record<string, Page>>(`{ ${list}(last: 2${before}) { edges { cursor node { id } } ${PAGE_INFO} } }`))[
        list
      ];
      back.unshift(...ids(page));
      expect(page.pageInfo.hasNextPage).toBe(before !== '');
      if (!page.pageInfo.hasPreviousPage) break;
      before = `, before: "${page.pageInfo.startCursor}"`;
    }
    expect(back).toEqual(ids(whole));
  });
});

describe('Lists are narrowed', () => {
  it('studies by patient, accession number, modality, days and words', async () => {
    const [{ studyInstanceUID, patientID, accessionNumber }] = phantoms;
    const all = phantoms.map((one) => one.studyInstanceUID).sort();
    expect(await studyIds(`patientID: "${patientID}"`)).toEqual([studyInstanceUID]);
    expect(await studyIds(`accessionNumber: "${accessionNumber}"`)).toEqual([studyInstanceUID]);
    expect((await studyIds('modality: "DX"')).sort()).toEqual(all);
    expect(await studyIds('modality: "MR"')).toEqual([]);
    expect((await studyIds('fromDate: "20260115", toDate: "20260115"')).sort()).toEqual(all);
    expect(await studyIds('fromDate: "20260116"')).toEqual([]);
    expect(await studyIds('toDate: "20260114"')).toEqual([]);
    expect((await studyIds('text: "phANtom"')).sort()).toEqual(all);
    expect(await studyIds('text: "100%"')).toEqual([]);
    expect(await studyIds(`patientID: "${patientID}", modality: "CT"`)).toEqual([]);
  });

  it('reports by status, verdict, model version and doubt; readings by state and model; workitems by state', async () => {
    const count = async (list: string, filter: string): Promise<number> =>
      (await asked<Record<string, Page>>(`{ ${list}(first: 50, filter: { ${filter} }) { edges { node { id } } } }`))[list].edges.length;
    expect(await count('reports', 'statuses: [PRELIMINARY, FINAL]')).toBe(STUDIES);
    expect(await count('reports', 'statuses: [FINAL]')).toBe(0);
    const verdicts = await Promise.all(['PRESENT', 'SECOND_LOOK', 'ABSENT'].map((verdict) => count('reports', `verdict: ${verdict}`)));
    expect(verdicts.reduce((sum, one) => sum + one)).toBe(STUDIES); // the model looks for one thing
    expect((await count('reports', 'refers: true')) + (await count('reports', 'refers: false'))).toBe(STUDIES);
    expect(await count('reports', 'modelName: "chest-pneumonia", modelVersion: "none"')).toBe(0);
    expect(await count('readings', 'state: READ')).toBe(STUDIES);
    expect(await count('readings', 'state: FAILED')).toBe(0);
    expect(await count('readings', `studyInstanceUID: "${phantoms[1].studyInstanceUID}", modelName: "chest-pneumonia"`)).toBe(1);
    expect(await count('workitems', 'state: SCHEDULED, worklistLabel: "AI", patientID: "P-1"')).toBeGreaterThan(0);
    expect(await count('workitems', 'state: IN_PROGRESS')).toBe(0);
  });
});

describe('What lies around a report', () => {
  it('is its patient as FHIR has them, the version to review, its study, model and findings', async () => {
    const [{ studyInstanceUID, patientID, patientBirthDate }] = phantoms;
    const { study } = await asked<{ study: { reports: Record<string, unknown>[] } }>(
      `query($uid: String!) { study(studyInstanceUID: $uid) { patient { id } reports { etag reviews { decision } notes { text } model { name }
        patient { id name birthDate gender identifiers { value } } } } }`,
      { uid: studyInstanceUID },
    );
    expect(study).toEqual({
      patient: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      reports: [
        {
          etag: 'W/"1"',
          reviews: [],
          notes: [],
          model: { name: 'chest-pneumonia' },
          patient: {
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            name: expect.stringContaining('Phantom'),
            birthDate: patientBirthDate.replace(/(....)(..)(..)/, '$1-$2-$3'),
            gender: expect.stringMatching(/male|female|other|unknown/),
            identifiers: [{ value: patientID }],
          },
        },
      ],
    });
  });

  it('takes 2 statements for a page of 100 reports with findings and patients', async () => {
    // As if each study had been read, reviewed and read anew again and again.
    await direct.query(
      `INSERT INTO report SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'cycle', n))).* FROM report r, generate_series(2, 24) AS n WHERE cycle = 1`,
    );
    const { executed, answer } = await counter.least(() =>
      asked<{ reports: Page<{ patient: { id: string } }> }>(
        '{ reports(first: 100) { edges { node { id status conclusion findings { id label probability verdict } patient { id name birthDate identifiers { value } } } } } }',
      ),
    );
    const { reports } = answer;
    await direct.query('DELETE FROM report WHERE cycle > 1');
    expect(reports.edges).toHaveLength(100);
    expect(new Set(reports.edges.map(({ node }) => node.patient.id)).size).toBe(STUDIES);
    expect(executed.toSorted()).toEqual(['ledger.append', 'reporting.page-patients']);
  });
});

describe('A list that nobody foresaw to be so long', () => {
  const insert = (many: number) =>
    direct.query(
      `INSERT INTO reading (study_row, instance_row, model_name, model_version, model_sha256, state, tenant)
       SELECT r.study_row, -n, r.model_name, r.model_version, '', 'not-read', 1
         FROM report r JOIN study s ON s.id = r.study_row, generate_series(1, $2::int) AS n WHERE s.study_instance_uid = $1 ON CONFLICT DO NOTHING`,
      [phantoms[2].studyInstanceUID, many],
    );
  afterEach(() => direct.query('DELETE FROM reading WHERE instance_row < 0'));

  it('is refused rather than held: 20,000 things on a level are the most', async () => {
    const [, , { studyInstanceUID }] = phantoms;
    const query = 'query($uid: String!) { study(studyInstanceUID: $uid) { studyInstanceUID reports { readings { state } } } }';
    await insert(19_000);
    expect((await graph(wetread, query, { uid: studyInstanceUID })).errors).toBeUndefined();
    await insert(20_001);
    const { errors } = await graph(wetread, query, { uid: studyInstanceUID });
    expect(errors?.[0].extensions).toEqual({ code: 'answer-too-large', status: 413 });
    const page = await asked<{ readings: Page<{ id: string }> }>('{ readings(first: 200) { edges { node { id state } } } }');
    expect(page.readings.edges).toHaveLength(200);
    const { node } = await asked<{ node: { state: string } }>(
      `{ node(id: "${page.readings.edges[7].node.id}") { ... on Reading { state } } }`,
    );
    expect(node).toEqual({ state: 'NOT_READ' });
  });

  it('is refused with one word where lists within lists multiply it, while others are served', async () => {
    const [, , { studyInstanceUID: uid }] = phantoms;
    await insert(1_500);
    const query =
      'query($uid: String!) { study(studyInstanceUID: $uid) { reports { readings { study { reports { readings { state reason } } } } } } }';
    const going = graph(wetread, query, { uid });
    expect((await wetread.fetch('/health/live')).status).toBe(200);
    const { data, errors, status } = await going;
    expect([status, data, errors?.map(({ extensions }) => extensions)]).toEqual([200, null, [{ code: 'answer-too-large', status: 413 }]]);
  });
});

describe('The ledger, by what it is about', () => {
  const AUDIT = `edges { cursor node { id time actor action entityType entityId changes } } ${PAGE_INFO}`;
  interface Record_ {
    action: string;
    actor: string;
    entityType: string;
    changes: string;
  }

  it('says of a study what was received, read, reported and looked at, newest first', async () => {
    const [, { studyInstanceUID }] = phantoms;
    await asked('query($uid: String!) { study(studyInstanceUID: $uid) { id } }', { uid: studyInstanceUID });
    const { audit } = await asked<{ audit: Page<Record_> }>(
      `query($uid: String!) { audit(studyInstanceUID: $uid, first: 100) { ${AUDIT} } }`,
      { uid: studyInstanceUID },
    );
    const actions = audit.edges.map(({ node }) => node.action);
    expect(actions).toEqual(expect.arrayContaining(['image.read', 'report.issued', 'data.fetched']));
    expect(actions[0]).toBe('data.fetched');
    expect(audit.edges.map(({ node }) => node.actor)).toEqual(expect.arrayContaining(['wetread', 'local']));
    expect(audit.edges.every(({ node }) => typeof JSON.parse(node.changes) === 'object')).toBe(true);
    const shown = JSON.stringify(audit);
    expect(shown).not.toContain('Phantom');
    const { audit: first } = await asked<{ audit: Page }>(`query($uid: String!) { audit(studyInstanceUID: $uid, last: 2) { ${AUDIT} } }`, {
      uid: studyInstanceUID,
    });
    expect(ids(first)).toEqual(ids(audit as unknown as Page).slice(-2));
  });

  it('says of a report alone what concerns it, and nothing of what is not there', async () => {
    const { reports } = await asked<{ reports: Page }>('{ reports(first: 1) { edges { node { id } } } }');
    const { audit } = await asked<{ audit: Page<Record_> }>(`query($id: String!) { audit(reportId: $id) { ${AUDIT} } }`, {
      id: reports.edges[0].node.id,
    });
    expect(new Set(audit.edges.map(({ node }) => node.entityType.toLowerCase().replace('diagnostic', '')))).toEqual(new Set(['report']));
    for (const [given, code] of [
      ['studyInstanceUID: "1.2.3"', 'study-absent'],
      ['reportId: "none"', 'not-found'],
      ['', 'bad-argument'],
    ]) {
      const { errors } = await graph(wetread, `{ audit${given === '' ? '' : `(${given})`} { ${AUDIT} } }`);
      expect(errors?.[0].extensions?.['code']).toEqual(code === 'not-found' ? expect.stringMatching(/absent|not-found/) : code);
    }
  });
});
