import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient as createStreamClient, type Client as StreamClient } from 'graphql-sse';
import { createClient, type Client, type FormattedExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import { WorklistClient } from './a-workitem.js';
import { aPhantom, graph, onRecord, reportOf } from './phantoms.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let reviewer: string;
const over: (() => unknown)[] = [];
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
  const answer = await wetread.fetch('/fhir/Practitioner', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Practitioner', name: [{ family: 'Reader' }] }),
  });
  reviewer = `Practitioner/${((await answer.json()) as { id: string }).id}`;
});
afterAll(async () => {
  for (const end of over) await end();
  await wetread.remove();
});

type Answer = FormattedExecutionResult<Record<string, Record<string, unknown>>>;
type Follow = (query: string) => Answer[];

/** Both ways to follow, each as its client does it. */
function byWebSocket(query: string): Answer[] {
  return heardBy(createClient({ url: `${wetread.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 }), query);
}
function byEvents(query: string): Answer[] {
  return heardBy(createStreamClient({ url: `${wetread.url}/graphql/stream`, retryAttempts: 0 }), query);
}
/** What a client hears of a subscription. */
function heardBy(client: Pick<Client, 'subscribe' | 'dispose'> | StreamClient, query: string): Answer[] {
  over.push(() => client.dispose());
  const heard: Answer[] = [];
  client.subscribe(
    { query },
    {
      next: (answer) => void heard.push(answer as Answer),
      error: (error) => void heard.push({ errors: error as [] }),
      complete: () => undefined,
    },
  );
  return heard;
}
/** The subscriptions have no answer of their own to wait for. */
const listening = () => new Promise((done) => setTimeout(done, 400));
const told = (heard: readonly Answer[], field: string) => heard.map(({ data, errors }) => data?.[field] ?? errors);
const until = (heard: readonly Answer[], count: number) =>
  eventually(() => Promise.resolve(heard.length >= count ? true : undefined), `${count} events`);

async function accepted(studyInstanceUID: string): Promise<void> {
  const { id } = await reportOf(wetread, studyInstanceUID);
  const { errors } = await graph(wetread, 'mutation($input: ReviewReportInput!) { reviewReport(input: $input) { report { status } } }', {
    input: { reportId: id, ifMatch: 'W/"1"', decision: 'ACCEPT', reviewer },
  });
  expect(errors).toBeUndefined();
}

describe.each<[string, Follow]>([
  ['graphql-ws', byWebSocket],
  ['event stream', byEvents],
])('A study is followed over a %s', (_, follow) => {
  it('from its arrival to the report that a person answers for', async () => {
    const phantom = aPhantom({ rows: 128, columns: 128 });
    const progress = follow(
      `subscription { studyProgress(studyInstanceUID: "${phantom.studyInstanceUID}") { studyInstanceUID stage time } }`,
    );
    const statuses = follow(
      `subscription { reportStatusChanged(studyInstanceUID: "${phantom.studyInstanceUID}") { status version study { studyInstanceUID } patient { id } } }`,
    );
    const others = follow(`subscription { reportStatusChanged(studyInstanceUID: "1.2.3") { status } }`);
    await listening();
    await wetread.store(phantom.bytes);
    await until(progress, 4);
    await accepted(phantom.studyInstanceUID);
    await until(progress, 5);
    await until(statuses, 2);
    expect(told(progress, 'studyProgress')).toEqual(
      ['RECEIVED', 'QUEUED', 'READING', 'PRELIMINARY', 'FINAL'].map((stage) => ({
        studyInstanceUID: phantom.studyInstanceUID,
        stage,
        time: expect.any(String),
      })),
    );
    expect(told(statuses, 'reportStatusChanged')).toEqual(
      ['PRELIMINARY', 'FINAL'].map((status) => ({
        status,
        version: 1,
        study: { studyInstanceUID: phantom.studyInstanceUID },
        patient: { id: expect.any(String) },
      })),
    );
    expect(others).toEqual([]);
  });

  it('and one that is there already begins with where it is', async () => {
    const phantom = aPhantom({ rows: 128, columns: 128 });
    await wetread.store(phantom.bytes);
    await accepted(phantom.studyInstanceUID);
    const progress = follow(`subscription { studyProgress(studyInstanceUID: "${phantom.studyInstanceUID}") { stage } }`);
    await until(progress, 1);
    expect(told(progress, 'studyProgress')).toEqual([{ stage: 'FINAL' }]);
  });

  it('and one that no model takes ends unread', async () => {
    const hand = aChestXray({ BodyPartExamined: 'HAND' });
    const progress = follow(`subscription { studyProgress(studyInstanceUID: "${hand.studyInstanceUID}") { stage } }`);
    await listening();
    await wetread.store(hand.bytes);
    await until(progress, 4);
    expect(told(progress, 'studyProgress').at(-1)).toEqual({ stage: 'NOT_READ' });
  });

  it('as is the worklist', async () => {
    const changes = follow('subscription { worklistChanged { workitemUID state } }');
    await listening();
    const worklist = new WorklistClient(wetread);
    const workitemUID = await worklist.created();
    await until(changes, 1);
    await worklist.taken(workitemUID);
    await until(changes, 2);
    expect(told(changes, 'worklistChanged')).toEqual([
      { workitemUID, state: 'SCHEDULED' },
      { workitemUID, state: 'IN_PROGRESS' },
    ]);
  });

  it('and misses nothing of a burst, however often its report is named', async () => {
    const phantom = aPhantom({ rows: 128, columns: 128 });
    await wetread.store(phantom.bytes);
    const { id } = await reportOf(wetread, phantom.studyInstanceUID);
    const issued = follow('subscription { reportIssued { id } }');
    await listening();
    await wetread.sql(`SELECT pg_notify('report_issued', 'none ' || n) FROM generate_series(1, 3000) n`);
    for (let i = 0; i < 50; i++) await wetread.sql(`SELECT pg_notify('report_issued', $1)`, [id]);
    await until(issued, 1);
    expect(told(issued, 'reportIssued')[0]).toEqual({ id });
    await wetread.sql(`SELECT pg_notify('report_issued', $1)`, [id]);
    await until(issued, 2);
  });

  it('and who is too far behind is told that something was missed', async () => {
    const issued = follow('subscription { reportIssued { id } }');
    await listening();
    await wetread.sql(`SELECT pg_notify('report_issued', 'none ' || n) FROM generate_series(1, 6000) n`);
    await until(issued, 1);
    expect(issued).toMatchObject([{ errors: [{ extensions: { code: 'subscriber-too-slow', status: 503 } }] }]);
  });

  it('and is told where the server may have missed something', async () => {
    const changes = follow('subscription { worklistChanged { workitemUID } }');
    await listening();
    await wetread.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
    );
    await until(changes, 1);
    expect(changes).toMatchObject([{ errors: [{ extensions: { code: 'events-missed', status: 503 } }] }]);
  });

  it('within the limits of every query', async () => {
    const refused = follow(
      'subscription { reportIssued { study { series { instances { readings { study { series { instances { readings { state } } } } } } } } } }',
    );
    const unknown = follow('subscription { nothing }');
    const unparsed = follow('subscription {');
    await eventually(() => Promise.resolve([refused, unknown, unparsed].every(({ length }) => length > 0) ? true : undefined), 'refusals');
    const codes = [refused, unknown, unparsed].map(([{ errors }]) => errors?.[0].extensions?.['code']);
    expect(codes).toEqual(['QUERY_TOO_COSTLY', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']);
  });
});

describe('What a subscriber was told', () => {
  it('is on record as their look', async () => {
    const looks = await onRecord(wetread, 'data.fetched');
    expect(looks.filter(({ entity, actor }) => entity.type === 'report' && actor === 'local').length).toBeGreaterThan(0);
    expect(looks.filter(({ entity, actor }) => entity.type === 'report' && actor === 'wetread')).toEqual([]);
  });
});

describe('An event stream', () => {
  const ask = (init: RequestInit, query = '') => wetread.fetch(`/graphql/stream${query}`, init);
  const json = { 'content-type': 'application/json' };

  it('answers a query, and a browser’s EventSource', async () => {
    const answer = await ask({
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: 'query Q { models { name } }', operationName: 'Q' }),
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(await answer.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"models":[{"name":"chest-pneumonia"}]}}\n\nevent: complete\ndata:\n\n',
    );
    const byGet = await ask(
      { headers: { accept: 'text/event-stream' } },
      `?query=${encodeURIComponent('query($id: ID!) { node(id: $id) { id } }')}&variables=${encodeURIComponent('{"id":"x"}')}`,
    );
    expect(await byGet.text()).toContain('data: {"data":{"node":null}}');
  });

  it.each<[string, RequestInit, string, number]>([
    ['a page of elsewhere', { headers: { origin: 'https://evil.example' } }, '?query={models{name}}', 403],
    [
      'an address that would change something',
      {},
      `?query=${encodeURIComponent('mutation { claimWorkitem(input: { workitemId: "1.2" }) { transactionUID } }')}`,
      403,
    ],
    ['who takes no events', { headers: { accept: 'application/json' } }, '?query={models{name}}', 406],
    ['no query', {}, '', 400],
    ['several at once', { method: 'POST', headers: json, body: '[{"query":"{ models { name } }"}]' }, '', 400],
    ['variables that are none', {}, '?query={models{name}}&variables=[1]', 400],
    ['a form', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ models { name } }"}' }, '', 400],
  ])('refuses %s', async (_, init, query, status) => {
    expect((await ask(init, query)).status).toBe(status);
  });

  it('does not hold the server up when it stops', async () => {
    const other = await Wetread.start();
    const answer = await other.fetch('/graphql/stream', {
      method: 'POST',
      headers: json,
      body: '{"query":"subscription { reportIssued { id } }"}',
    });
    expect(answer.status).toBe(200);
    expect(await other.stop()).toBe(0);
    expect(await answer.text()).toMatch(/event: next\ndata: \{"errors":.*"code":"going-away".*\n\nevent: complete/);
    await other.remove();
  });
});
