import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { aWorkitem } from './a-workitem.js';
import { newUid } from './instances.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

const ALL = '1.2.840.10008.5.1.4.34.5';
const GLASS = { 'x-break-glass': 'Unconscious in the emergency room' };

let wetread: Wetread;
let maker: TokenMaker;
let all: Record<string, string>;
let hers: Record<string, string>;
let broken: Record<string, string>;
let workitem: string;
const open: WebSocket[] = [];
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  all = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  hers = await maker.headers({ scope: 'user/*.rs', claims: { sub: 'ada' } });
  broken = { ...hers, ...GLASS };
  await send('PUT', '/fhir/Patient/pa', all, { resourceType: 'Patient', id: 'pa' });
  await send('PUT', '/fhir/Encounter/visit', all, {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/pa' },
  });
  workitem = await aNewWorkitem();
});
afterAll(async () => {
  for (const socket of open) socket.terminate();
  await wetread.remove();
});

const send = (method: string, path: string, headers: Record<string, string>, body?: unknown, type = 'application/fhir+json') =>
  wetread.fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
/** Status and stable code. */
const refusal = async (answer: Response): Promise<unknown[]> => [answer.status, /"not-permitted"/.exec(await answer.text())?.[0]];
const NOT_PERMITTED = [403, '"not-permitted"'];

async function aNewWorkitem(): Promise<string> {
  const uid = newUid();
  expect((await send('POST', `/dicom-web/workitems?${uid}`, all, [aWorkitem()], 'application/dicom+json')).status).toBe(201);
  return uid;
}

const address = (path: string): string => `${wetread.url.replace('http', 'ws')}${path}`;
/** Opens an event channel; what it hears, or the status that it is refused with. */
async function channel(subscriber: string, headers: Record<string, string>): Promise<string[] | number> {
  const socket = new WebSocket(address(`/dicom-web/subscribers/${subscriber}`), { headers });
  open.push(socket);
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => void heard.push(data.toString()));
  return Promise.race([
    once(socket, 'open').then(() => heard),
    once(socket, 'unexpected-response').then(([, answer]) => (answer as { statusCode: number }).statusCode),
  ]);
}

/** The first answer to an operation over graphql-transport-ws. */
async function overWebSocket(headers: Record<string, string>, query: string): Promise<string> {
  const socket = new WebSocket(address('/graphql'), 'graphql-transport-ws', { headers });
  open.push(socket);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  const answer = await Promise.race([once(socket, 'message'), new Promise<[string]>((done) => setTimeout(done, 1_000, ['it is open']))]);
  socket.close();
  return String(answer[0]);
}

/** As far as it comes within a second: a stream that is open has no end. */
async function overEvents(headers: Record<string, string>, query: string, method: 'GET' | 'POST'): Promise<string> {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1_000);
  let text = '';
  try {
    const answer = await wetread.fetch(method === 'GET' ? `/graphql/stream?query=${encodeURIComponent(query)}` : '/graphql/stream', {
      method,
      headers: { ...headers, accept: 'text/event-stream', ...(method === 'POST' && { 'content-type': 'application/json' }) },
      ...(method === 'POST' && { body: JSON.stringify({ query }) }),
      signal: stop.signal,
    });
    const decoder = new TextDecoder();
    for await (const piece of answer.body ?? []) text += decoder.decode(piece as Uint8Array);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return text;
}

interface Recorded {
  readonly event: {
    readonly actor: string;
    readonly action: string;
    readonly why?: string;
    readonly entity: { readonly type: string; readonly id: string };
    readonly changes: Readonly<Record<string, unknown>>;
  };
  readonly patients: readonly string[];
}
/** What is on record since. */
async function recorded(work: () => Promise<unknown>): Promise<Recorded[]> {
  const [{ last }] = await wetread.sql<{ last: string }>('SELECT coalesce(max(id), 0) AS last FROM ledger_record');
  await work();
  const rows = await wetread.sql<{ event: string; patients: string[] }>(
    'SELECT event, patients FROM ledger_record WHERE id > $1 ORDER BY id',
    [last],
  );
  return rows.map(({ event, patients }) => ({ event: JSON.parse(event) as Recorded['event'], patients }));
}

describe('A broken glass, which is one look', () => {
  it.each([
    ['reportIssued', 'subscription { reportIssued { id } }'],
    ['reportStatusChanged', 'subscription { reportStatusChanged { id } }'],
    ['worklistChanged', 'subscription { worklistChanged { workitemUID } }'],
    ['studyProgress', 'subscription { studyProgress(studyInstanceUID: "1.2.3") { stage } }'],
  ])('opens no subscription of the graph: %s', async (_name, query) => {
    expect(await overWebSocket(broken, query)).toContain('not-permitted');
    for (const method of ['GET', 'POST'] as const) {
      expect([method, await overEvents(broken, query, method)]).toEqual([method, expect.stringContaining('not-permitted')]);
      expect(await overEvents(hers, query, method)).not.toContain('errors');
    }
    expect(await overWebSocket(hers, query)).toBe('it is open');
  });

  it('opens a query by the same ways', async () => {
    const query = '{ reports(first: 1) { edges { cursor } } }';
    expect(await overWebSocket(broken, query)).toContain('"edges":[]');
    expect(await overEvents(broken, query, 'POST')).toContain('"edges":[]');
  });

  it('opens no subscription to workitems and no event channel', async () => {
    const place = (uid: string): string => `/dicom-web/workitems/${uid}/subscribers`;
    expect(await refusal(await send('POST', `${place(workitem)}/ONE`, broken))).toEqual(NOT_PERMITTED);
    expect(await refusal(await send('POST', `${place(ALL)}/ONE`, broken))).toEqual(NOT_PERMITTED);
    expect((await send('POST', `${place(ALL)}/ONE`, hers)).status).toBe(201);
    expect(await refusal(await send('POST', `${place(ALL)}/ONE/suspend`, broken))).toEqual(NOT_PERMITTED);
    expect((await send('POST', `${place(ALL)}/ONE/suspend`, hers)).status).toBe(200);
    const records = await recorded(async () => expect(await channel('ONE', broken)).toBe(403));
    expect(records.map(({ event }) => [event.action, event.why])).toEqual([['access.refused', 'BTG']]);
    expect(await channel('ONE', hers)).toEqual(expect.any(Array));
  });

  it('launches no app, and leaves that it was tried', async () => {
    const records = await recorded(async () =>
      expect(await refusal(await send('POST', '/oauth/launch', broken, { patient: 'pa' }, 'application/json'))).toEqual(NOT_PERMITTED),
    );
    expect(records.map(({ event }) => [event.action, event.why, event.changes['what']])).toEqual([['access.refused', 'BTG', 'launch']]);
  });

  it('needs a reason in words', async () => {
    const statusWith = async (reason: string): Promise<number> =>
      (await send('GET', '/fhir/Patient/pa', { ...hers, 'x-break-glass': encodeURIComponent(reason) })).status;
    for (const reason of ['..........', '1234567890', '- - - - - - - - -', 'abcd 1234567', '\u0301'.repeat(20)])
      expect([reason, await statusWith(reason)]).toEqual([reason, 400]);
    for (const reason of ['Unconscious in room 4', 'έκτακτη ανάγκη', '意識不明の患者、救急外来'])
      expect([reason, await statusWith(reason)]).toEqual([reason, 200]);
  });
});

describe('What begins by a request and goes on', () => {
  it('is on record where it is an event channel: once, who and of which subscriber, before the first event', async () => {
    await send('POST', `/dicom-web/workitems/${workitem}/subscribers/LISTENER`, hers);
    let heard: string[] | number = [];
    const records = await recorded(async () => (heard = await channel('LISTENER', hers)));
    expect(records).toEqual([
      {
        event: expect.objectContaining({
          actor: 'user:ada',
          action: 'data.fetched',
          door: 'dicomweb',
          outcome: 'success',
          entity: { type: 'Task', id: 'search' },
          changes: { what: 'event-channel', subscriber: 'LISTENER' },
        }),
        patients: [],
      },
    ]);
    const state = send('PUT', `/dicom-web/workitems/${workitem}/state`, all, [inProgress()], 'application/dicom+json');
    expect((await state).status).toBe(200);
    await eventually(() => Promise.resolve((heard as string[]).length > 0 ? true : undefined), 'an event');
    const auditor = await maker.headers({ roles: ['regulatory'], scope: 'user/AuditEvent.rs' });
    const told = await (await send('GET', '/fhir/AuditEvent?subtype=search-type&_count=50', auditor)).text();
    expect(told).toContain(Buffer.from('subscribers/LISTENER').toString('base64'));
  });

  it('is on record as a launch where an app is launched, in one record, whatever it is about', async () => {
    for (const [about, details] of [
      [{}, {}],
      [{ encounter: 'visit' }, { also: ['Encounter/visit'] }],
    ]) {
      const records = await recorded(async () => {
        const answer = await send('POST', '/oauth/launch', hers, { patient: 'pa', ...about }, 'application/json');
        expect(answer.status).toBe(201);
      });
      expect(records).toEqual([
        {
          event: expect.objectContaining({
            actor: 'user:ada',
            action: 'data.fetched',
            door: 'oauth',
            entity: { type: 'Patient', id: 'pa' },
            changes: { what: 'launch', ...details },
          }),
          patients: ['pa'],
        },
      ]);
    }
  });
});

const inProgress = () => ({
  '00741000': { vr: 'CS', Value: ['IN PROGRESS'] },
  '00081195': { vr: 'UI', Value: [newUid()] },
});
