import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, DiagnosticReport, OperationOutcome, Subscription } from 'fhir/r4.js';
import { WebSocket } from 'ws';
import { eventsIn, Hook, statusOf } from './hook.js';
import { aChestXray } from './instances.js';
import { aPhantom, onRecord, reportOf } from './phantoms.js';
import { eventually, Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
const BACKPORT = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';
const TOPIC = 'urn:wetread:topic:';
let hook: Hook;
let wetread: Wetread;
beforeAll(async () => {
  hook = await Hook.open();
  wetread = await Wetread.start({ SUBSCRIPTION_HOSTS: hook.host });
});
afterAll(async () => {
  await wetread.remove();
  await hook.close();
});

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': FHIR_JSON, ...headers }, body: body && JSON.stringify(body) });
const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
const get = async <T>(path: string): Promise<T> => json(await wetread.fetch(`/fhir/${path}`));

interface Asked {
  readonly endpoint?: string;
  readonly content?: string;
  readonly filter?: string;
  readonly channel?: Record<string, unknown>;
}
const subscription = (topic: string, { endpoint, content = 'id-only', filter, channel = {} }: Asked): object => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'To be told',
  criteria: topic,
  ...(filter !== undefined && { _criteria: { extension: [{ url: `${BACKPORT}backport-filter-criteria`, valueString: filter }] } }),
  channel: {
    type: 'rest-hook',
    ...(endpoint !== undefined && { endpoint }),
    payload: FHIR_JSON,
    _payload: { extension: [{ url: `${BACKPORT}backport-payload-content`, valueCode: content }] },
    ...channel,
  },
});

/** Asks for a subscription, and waits until the server has said what became of it. */
async function subscribed(topic: string, asked: Asked): Promise<Subscription & { id: string }> {
  const { id } = await json<{ id: string }>(await send('POST', 'Subscription', subscription(topic, asked)));
  return settled(id);
}
const settled = (id: string) =>
  eventually(async () => {
    const now = await get<Subscription & { id: string }>(`Subscription/${id}`);
    return now.status === 'requested' ? undefined : now;
  }, 'end of the handshake');

async function aReport(): Promise<DiagnosticReport> {
  const phantom = aPhantom();
  await wetread.store(phantom.bytes);
  return reportOf(wetread, phantom.studyInstanceUID);
}
async function accepted(id: string | undefined): Promise<void> {
  await send('PUT', 'Practitioner/reader', { resourceType: 'Practitioner', id: 'reader', name: [{ family: 'Reader' }] });
  const parameter = [
    { name: 'decision', valueCode: 'accept' },
    { name: 'reviewer', valueReference: { reference: 'Practitioner/reader' } },
  ];
  const answer = await send('POST', `DiagnosticReport/${id}/$review`, { resourceType: 'Parameters', parameter }, { 'if-match': 'W/"1"' });
  expect(answer.status).toBe(200);
}

describe('A subscription by rest-hook', () => {
  it('is greeted, becomes active, and is told of each report as it is issued, without what it did not ask for', async () => {
    const header = ['Authorization: Bearer secret'];
    const { id, status } = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/issued'), channel: { header } });
    expect(status).toBe('active');
    const [handshake] = await hook.notified('/issued', 'handshake', 1);
    expect([statusOf(handshake, 'status'), statusOf(handshake, 'topic')]).toEqual(['requested', `${TOPIC}report-issued`]);
    const report = await aReport();
    const [told] = await hook.notified('/issued', 'event-notification', 1);
    expect(told).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    expect(eventsIn(told)).toEqual([['1', `${wetread.url}/fhir/DiagnosticReport/${report.id}`]]);
    expect([statusOf(told, 'status'), statusOf(told, 'events-since-subscription-start')]).toEqual(['active', '1']);
    expect(told.entry?.[1]).toMatchObject({ fullUrl: `${wetread.url}/fhir/DiagnosticReport/${report.id}` });
    expect(told.entry?.[1].resource).toBeUndefined();
    expect(hook.heard.find(({ path }) => path === '/issued')?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': expect.stringContaining(FHIR_JSON),
    });
    const outcome = await json<OperationOutcome>(await send('POST', 'Bundle/$validate', told));
    expect(outcome.issue.filter(({ severity }) => severity === 'error')).toEqual([]);
    const looks = (await onRecord(wetread, 'data.fetched')).filter(({ changes }) => changes['what'] === 'notification');
    const leaving = { what: 'notification', madeBy: 'local', events: [1], resources: [`DiagnosticReport/${report.id}`] };
    expect(looks).toMatchObject([{ actor: 'local', entity: { type: 'Subscription', id }, changes: leaving }]);
  });

  it('is told of a signature with the report itself where it asks for it, and of no other event', async () => {
    await subscribed(`${TOPIC}report-status-changed`, { endpoint: hook.url('/status'), content: 'full-resource' });
    const report = await aReport();
    await accepted(report.id);
    const [told, ...more] = await hook.notified('/status', 'event-notification', 1);
    expect(more).toEqual([]);
    expect(told.entry?.[1].resource).toMatchObject({ resourceType: 'DiagnosticReport', id: report.id, status: 'final' });
  });

  it('is told of what meets its filter alone, and with an empty payload of nothing but that something happened', async () => {
    const first = await aReport();
    const filter = `DiagnosticReport?patient=${first.subject?.reference}`;
    await subscribed(`${TOPIC}report-status-changed`, { endpoint: hook.url('/filtered'), filter });
    const silent = await subscribed(`${TOPIC}report-status-changed`, { endpoint: hook.url('/silent'), filter, content: 'empty' });
    const second = await aReport();
    await accepted(second.id);
    await accepted(first.id);
    const [told, ...more] = await hook.notified('/filtered', 'event-notification', 1);
    expect([eventsIn(told), more]).toEqual([[['1', `${wetread.url}/fhir/DiagnosticReport/${first.id}`]], []]);
    const [empty] = await hook.notified('/silent', 'event-notification', 1);
    expect([eventsIn(empty), empty.entry?.length]).toEqual([[['1', undefined]], 1]);
    expect(JSON.stringify(empty)).not.toContain(first.id);
    expect(await wetread.sql(`SELECT events::int FROM subscription WHERE id = '${silent.id}'`)).toEqual([{ events: 1 }]);
  });

  it('loses nothing while its endpoint is away and the server stops: events come later, each once, by their numbers', async () => {
    const { id } = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/away') });
    hook.answers.set('/away', 503);
    const reports = [await aReport(), await aReport()];
    await wetread.kill();
    await wetread.launch();
    reports.push(await aReport());
    hook.answers.delete('/away');
    const told = await hook.notified('/away', 'event-notification', 3);
    const heard = told.flatMap(eventsIn);
    expect(heard.map(([number]) => number)).toEqual(['1', '2', '3']);
    // What was in hand when the server was killed may be heard of after what came next.
    const focuses = heard.map(([, focus]) => String(focus).split('/').at(-1));
    expect(focuses.sort()).toEqual(reports.map((report) => report.id).sort());
    expect((await get<Subscription>(`Subscription/${id}`)).status).toBe('active');
  });

  it('hears a heartbeat where nothing happens', async () => {
    const extension = [{ url: `${BACKPORT}backport-heartbeat-period`, valueUnsignedInt: 1 }];
    await subscribed(`${TOPIC}inference-failed`, { endpoint: hook.url('/beat'), channel: { extension } });
    const beats = await hook.notified('/beat', 'heartbeat', 2);
    expect(beats.map(eventsIn)).toEqual([[], []]);
  });

  it('is told of an image that could not be read', async () => {
    await subscribed(`${TOPIC}inference-failed`, { endpoint: hook.url('/failed') });
    const blank = aChestXray({ Rows: 64, Columns: 64 }, { pixelData: Buffer.alloc(64 * 64 * 2) });
    await wetread.store(blank.bytes);
    const [told] = await hook.notified('/failed', 'event-notification', 1);
    const [[number, focus]] = eventsIn(told);
    expect([number, focus]).toEqual(['1', expect.stringMatching(/\/fhir\/ImagingStudy\//)]);
    expect((await wetread.fetch(new URL(String(focus)).pathname)).status).toBe(200);
  });

  it('ends when it is put off, or deleted', async () => {
    const ended = [await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/off') })];
    ended.push(await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/off') }));
    expect((await send('PUT', `Subscription/${ended[0].id}`, { ...ended[0], status: 'off' })).status).toBe(200);
    expect((await send('DELETE', `Subscription/${ended[1].id}`)).status).toBe(204);
    const heard = async (id: string) => (await wetread.sql(`SELECT id FROM subscription WHERE id = '${id}'`)).length > 0;
    await eventually(async () => ((await heard(ended[0].id)) || (await heard(ended[1].id)) ? undefined : true), 'end of both');
    const before = (await hook.notified('/issued', 'event-notification', 1)).length;
    await aReport();
    await hook.notified('/issued', 'event-notification', before + 1); // another was told
    expect(hook.heard.filter(({ path, text }) => path === '/off' && text.includes('event-notification'))).toEqual([]);
    expect((await wetread.fetch(`/fhir/Subscription/${ended[0].id}/$events`)).status).toBe(404);
  });

  it('sends nothing more to where it was, once it is asked for elsewhere and not greeted there', async () => {
    const moved = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/old') });
    hook.answers.set('/new', 500);
    const channel = { ...moved.channel, endpoint: hook.url('/new') };
    await send('PUT', `Subscription/${moved.id}`, { ...moved, status: 'requested', channel });
    expect((await settled(moved.id)).status).toBe('error');
    await aReport();
    await eventually(async () => {
      const [row] = await wetread.sql<{ events: number }>(`SELECT events::int FROM subscription WHERE id = '${moved.id}'`);
      return row.events === 1 ? true : undefined; // it is counted
    }, 'event');
    expect(hook.heard.filter(({ path, text }) => path === '/old' && text.includes('event-notification'))).toEqual([]);
  });

  it('that can not be asked spoils it for no other', async () => {
    const broken = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/broken') });
    await wetread.sql(
      `UPDATE subscription SET form = jsonb_set(form, '{filters}', '["DiagnosticReport?shoe=1"]') WHERE id = '${broken.id}'`,
    );
    await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/beside') });
    await aReport();
    await hook.notified('/beside', 'event-notification', 1);
    expect(await wetread.sql(`SELECT status FROM subscription WHERE id = '${broken.id}'`)).toEqual([{ status: 'error' }]);
  });

  it.each<[string, string, Asked, RegExp]>([
    ['of no topic of this server', 'Observation?code=x', { endpoint: 'https://example.org/' }, /criteria must be a topic/],
    ['without an endpoint', `${TOPIC}report-issued`, {}, /endpoint must be there/],
    ['to this very machine', `${TOPIC}report-issued`, { endpoint: 'https://127.0.0.1/x' }, /not public/],
    ['to a name that leads here', `${TOPIC}report-issued`, { endpoint: 'https://localhost/x' }, /not public/],
    ['without TLS', `${TOPIC}report-issued`, { endpoint: 'http://example.org/x' }, /must be https/],
    ['by mail', `${TOPIC}report-issued`, { channel: { type: 'email' } }, /rest-hook or websocket/],
    [
      'with a filter of another type',
      `${TOPIC}report-issued`,
      { endpoint: 'https://example.org/', filter: 'Patient?name=x' },
      /must begin with/,
    ],
    [
      'with a filter that there is not',
      `${TOPIC}report-issued`,
      { endpoint: 'https://example.org/', filter: 'DiagnosticReport?shoe=1' },
      /must be by/,
    ],
    [
      'with a filter without an end',
      `${TOPIC}report-issued`,
      { endpoint: 'https://example.org/', filter: `DiagnosticReport?${'status=final&'.repeat(100)}status=final` },
      /no search of this server/,
    ],
    [
      'with a header of the request’s own',
      `${TOPIC}report-issued`,
      { endpoint: 'https://example.org/', channel: { header: ['Host: x'] } },
      /channel.header/,
    ],
  ])('is not active %s, and says why', async (_, topic, asked, words) => {
    const { status, error } = await subscribed(topic, asked);
    expect([status, error]).toEqual(['error', expect.stringMatching(words)]);
  });

  it('is not active where its endpoint does not take the handshake, until it is asked for again', async () => {
    hook.answers.set('/refusing', 403);
    const refused = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/refusing') });
    expect([refused.status, refused.error]).toEqual(['error', 'The endpoint answered 403.']);
    hook.answers.delete('/refusing');
    await send('PUT', `Subscription/${refused.id}`, { ...refused, status: 'requested' });
    const again = await settled(refused.id);
    expect([again.status, again.error]).toEqual(['active', undefined]);
  });
});

describe('What became of a subscription', () => {
  it('is told by $status and $events', async () => {
    const { id } = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/asked') });
    const report = await aReport();
    await hook.notified('/asked', 'event-notification', 1);
    for (const path of [`Subscription/${id}/$status`, `Subscription/$status?id=${id}`]) {
      const status = await get<Bundle>(path);
      expect([status.type, statusOf(status, 'status'), statusOf(status, 'events-since-subscription-start')]).toEqual([
        'searchset',
        'active',
        '1',
      ]);
    }
    const events = await get<Bundle>(`Subscription/${id}/$events?eventsSinceNumber=1&content=full-resource`);
    expect([statusOf(events, 'type'), eventsIn(events)]).toEqual([
      'query-event',
      [['1', `${wetread.url}/fhir/DiagnosticReport/${report.id}`]],
    ]);
    expect(events.entry?.[1].resource).toMatchObject({ id: report.id });
    expect(eventsIn(await get<Bundle>(`Subscription/${id}/$events?eventsSinceNumber=2`))).toEqual([]);
    const bad = ['$events?eventsSinceNumber=x', '$events?content=all', '$events?shoe=1'];
    const statuses = await Promise.all(bad.map(async (path) => (await wetread.fetch(`/fhir/Subscription/${id}/${path}`)).status));
    expect([...statuses, (await wetread.fetch('/fhir/Subscription/nothing/$status')).status]).toEqual([400, 400, 400, 404]);
  });
});

describe('A subscription by WebSocket', () => {
  it('is bound by a token, once, and hears of events as they happen', async () => {
    const { id, status } = await subscribed(`${TOPIC}report-issued`, { channel: { type: 'websocket' } });
    expect(status).toBe('active');
    const { parameter } = await get<{ parameter: { name: string; valueString?: string; valueUrl?: string }[] }>(
      `Subscription/${id}/$get-ws-binding-token`,
    );
    const of = (name: string) => parameter.find((one) => one.name === name);
    const open = async (said: string) => {
      const socket = new WebSocket(of('websocket-url')?.valueUrl ?? '');
      const heard: Bundle[] = [];
      const closed = new Promise<number>((resolve) => socket.on('close', resolve));
      socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Bundle));
      await new Promise((resolve) => socket.on('open', resolve));
      socket.send(said);
      return { socket, heard, closed };
    };
    const { socket, heard } = await open(`bind-with-token ${of('token')?.valueString}`);
    await eventually(() => Promise.resolve(heard.length > 0 ? true : undefined), 'handshake');
    const report = await aReport();
    await eventually(() => Promise.resolve(heard.length > 1 ? true : undefined), 'event');
    expect(heard.map((one) => statusOf(one, 'type'))).toEqual(['handshake', 'event-notification']);
    expect(eventsIn(heard[1])).toEqual([['1', `${wetread.url}/fhir/DiagnosticReport/${report.id}`]]);
    socket.close();
    for (const said of [`bind-with-token ${of('token')?.valueString}`, 'bind-with-token nothing', 'hello'])
      expect(await (await open(said)).closed).toBe(1008);
    const other = await subscribed(`${TOPIC}report-issued`, { endpoint: hook.url('/not-a-socket') });
    expect((await wetread.fetch(`/fhir/Subscription/${other.id}/$get-ws-binding-token`)).status).toBe(422);
  });
});
