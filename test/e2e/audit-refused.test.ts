import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, OperationOutcome } from 'fhir/r4.js';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { globalId } from '../../src/api/graphql/node-id.js';
import { slice } from './audit-trail.js';
import { TokenMaker } from './tokens.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
let maker: TokenMaker;
let auditor: Record<string, string>;
/** Somebody who may do nothing of what these tests try. */
let nobody: Record<string, string>;
beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  auditor = await maker.headers({ roles: ['regulatory'], scope: 'user/AuditEvent.rs' });
  nobody = await maker.headers({ roles: ['validation-lead'], scope: 'openid' });
});
afterAll(() => wetread.remove());

async function events(search: string): Promise<AuditEvent[]> {
  const answer = await wetread.fetch(`/fhir/AuditEvent?${search}`, { headers: auditor });
  return (((await answer.json()) as Bundle<AuditEvent>).entry ?? []).flatMap(({ resource }) => resource ?? []);
}

async function ask(method: string, path: string, headers = nobody, body?: object, type = FHIR_JSON): Promise<Response> {
  const answer = await wetread.fetch(path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': type }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  await answer.arrayBuffer();
  return answer;
}

/** The one AuditEvent of a request. */
async function eventOf(answer: Response): Promise<AuditEvent> {
  const id = answer.headers.get('x-request-id');
  const own = (await events('outcome=4&_count=20')).filter(({ entity = [] }) => entity.some(({ what }) => what?.identifier?.value === id));
  expect(own).toHaveLength(1);
  return own[0];
}

const REVIEW =
  'mutation { reviewReport(input: { reportId: "of-nobody", ifMatch: "W/\\"1\\"", decision: ACCEPT, reviewer: "Practitioner/a" }) { report { id } } }';
const ASSIGN =
  'mutation { assignWorkitem(input: { workitemId: "2.25.7", performer: { code: "a", scheme: "b", meaning: "c" } }) { workitem { id } } }';
const kindOf = ({ type, subtype = [], action }: AuditEvent): string => [type.code, ...subtype.map(({ code }) => code), action].join(' ');
const STUDY = '/dicom-web/studies/2.25.1932022900001';

describe('What is refused is on record as what it would have been', () => {
  it.each<[kind: string, method: string, path: string]>([
    ['rest read R', 'GET', '/fhir/Observation/of-nobody'],
    ['rest vread R', 'GET', '/fhir/Observation/of-nobody/_history/2'],
    ['rest create C', 'POST', '/fhir/Observation'],
    ['rest update U', 'PUT', '/fhir/Observation/of-nobody'],
    ['rest patch U', 'PATCH', '/fhir/Observation/of-nobody'],
    ['rest delete D', 'DELETE', '/fhir/Observation/of-nobody'],
    ['rest search-type E', 'GET', '/fhir/Observation?code=x'],
    ['rest search-type E', 'POST', '/fhir/Observation/_search'],
    ['rest search-type E', 'GET', '/fhir/Patient/of-nobody/Observation'],
    ['rest history-instance R', 'GET', '/fhir/Observation/of-nobody/_history'],
    ['rest history-type R', 'GET', '/fhir/Observation/_history'],
    ['rest operation E', 'GET', '/fhir/Patient/of-nobody/$everything'],
    ['rest operation E', 'GET', '/fhir/Patient/of-nobody/$export'],
    ['rest operation E', 'POST', '/fhir/DiagnosticReport/of-nobody/$review'],
    ['110104 RAD-108 C', 'POST', '/dicom-web/studies'],
    ['110112 RAD-129 E', 'GET', '/dicom-web/studies?PatientName=Quixote'],
    ['110112 RAD-129 E', 'GET', `${STUDY}/series`],
    ['110104 RAD-107 R', 'GET', STUDY],
    ['110103 RAD-107 R', 'GET', `${STUDY}/metadata`],
    ['110104 RAD-107 R', 'GET', `${STUDY}/series/2.25.1/instances/2.25.1/frames/1`],
    ['110103 U', 'PATCH', `${STUDY}/metadata`],
    ['110105 D', 'DELETE', STUDY],
    ['rest create C', 'POST', '/dicom-web/workitems'],
    ['rest read R', 'GET', '/dicom-web/workitems/2.25.7'],
    ['rest update U', 'PUT', '/dicom-web/workitems/2.25.7/state'],
    ['110113 110132 E', 'GET', '/metrics'],
    ['110113 110132 E', 'GET', '/health/checks'],
    ['110113 110132 E', 'GET', '/access/accounts'],
    ['110113 110132 E', 'DELETE', '/access/accounts/0c5e7a52-3a63-4d29-8f8e-0d3bd6b0a112'],
    ['110113 110132 E', 'POST', '/access/keys/rotate'],
  ])('%s: %s %s', async (kind, method, path) => {
    const answer = await ask(method, path);
    expect([403, 404]).toContain(answer.status);
    const event = await eventOf(answer);
    expect([kindOf(event), event.outcome]).toEqual([kind, '4']);
    expect(event.agent).toMatchObject([{ requestor: true }, { network: { address: expect.stringContaining('127.0.0.1') } }, {}]);
    expect(event.text?.div).toContain('tried to: ');
    expect(JSON.stringify(event)).not.toMatch(/Quixote|1932022900001/);
    expect(await errorsIn(event)).toEqual([]);
  });

  it('and found so: deletions among them', async () => {
    await ask('DELETE', '/fhir/Patient/ann');
    const [event] = await events('action=D&outcome=4');
    expect(slice(event, '4')).toMatchObject([{ what: { reference: 'Patient/ann' } }]);
    expect((await events('action=D&outcome=4&type=110105')).length).toBeGreaterThan(0);
  });

  it('names in base64 alone what is no id of a resource', async () => {
    const [entity] = slice(await eventOf(await ask('GET', `${STUDY}/metadata`)), '4');
    expect(Buffer.from(entity.query ?? '', 'base64').toString()).toBe('studies/2.25.1932022900001/metadata');
  });

  it('of who may not break the glass says that they tried to', async () => {
    const answer = await ask('GET', '/fhir/Patient/ann', { ...nobody, 'x-break-glass': 'no time to explain it' });
    expect(answer.status).toBe(403);
    const event = await eventOf(answer);
    expect([kindOf(event), event.purposeOfEvent?.[0].coding?.[0].code]).toEqual(['rest read R', 'BTG']);
    expect(slice(event, '4')).toMatchObject([{ what: { reference: 'Patient/ann' } }]);
  });

  it.each([
    ['/graphql', 'no time to explain it', 4403],
    ['/graphql', 'x', 4400],
    ['/dicom-web/subscribers/LISTENER', 'no time to explain it', 403],
    ['/dicom-web/subscribers/LISTENER', undefined, 403],
  ])('at a WebSocket, too: %s with a glass broken for %s ends with %s', async (path, reason, end) => {
    const before = (await events('outcome=4&_count=200')).length;
    // A radiologist may break it, for a reason that is one.
    const who = reason === 'x' ? await maker.headers() : nobody;
    expect(await endOf(path, { ...who, ...(reason !== undefined && { 'x-break-glass': reason }) })).toBe(end);
    const refused = await events('outcome=4&_count=200');
    expect(refused.length - before).toBe(end === 4400 ? 0 : 1);
    if (end === 4400) return;
    expect(refused[0].agent[0].role?.[0].text).toBe('validation-lead');
    expect(refused[0].purposeOfEvent?.[0].coding?.[0].code).toBe(reason && 'BTG');
  });

  it('of an app’s launch about somebody who is not there says who tried', async () => {
    const answer = await ask('POST', '/oauth/launch', await maker.headers(), { patient: 'nobody-there' }, 'application/json');
    expect(answer.status).toBe(404);
    const event = await eventOf(answer);
    expect([kindOf(event), event.agent[0].role?.[0].text]).toEqual(['rest operation E', 'radiologist']);
  });

  describe('by a graph: one for an operation', () => {
    const FORM = 'application/json';
    const since = async (asked: () => Promise<unknown>): Promise<AuditEvent[]> => {
      const before = new Set((await events('outcome=4&_count=500')).map(({ id }) => id));
      await asked();
      return (await events('outcome=4&_count=500')).filter(({ id }) => !before.has(id));
    };
    const toldOf = (event: AuditEvent): string => Buffer.from(slice(event, '4')[0].query ?? '', 'base64').toString();

    it.each([
      ['/graphql', '{ workitems { edges { node { id } } } reports { edges { node { id } } } }', 'workitems'],
      ['/graphql', 'mutation { requestReading(input: { studyInstanceUID: "2.25.1932022900001" }) { study { id } } }', '2.25.1932022900001'],
      ['/graphql/stream', 'subscription { worklistChanged { id } }', 'worklistChanged'],
      ['/graphql/stream', '{ workitems { edges { node { id } } } }', 'workitems'],
      ['/fhir/$graphql', '{ Patient(id: "of-nobody") { id } }', 'of-nobody'],
    ])('%s: %s', async (path, query, named) => {
      const told = await since(() => ask('POST', path, nobody, { query }, FORM));
      expect(told.map(kindOf)).toEqual(['rest operation E']);
      expect(toldOf(told[0])).toContain(named);
      expect(told[0].agent[0].role?.[0].text).toBe('validation-lead');
    });

    it('over a WebSocket', async () => {
      const client = createClient({
        url: `${wetread.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: nobody,
      });
      const told = await since(async () => {
        for (const query of ['subscription { worklistChanged { id } }', '{ workitems { edges { node { id } } } }'])
          await new Promise<void>((done) =>
            client.subscribe({ query }, { next: () => done(), error: () => done(), complete: () => done() }),
          );
      });
      expect(told.map(toldOf).toSorted()).toEqual([expect.stringContaining('"workitems"'), expect.stringContaining('"worklistChanged"')]);
      await client.dispose();
    });

    it('each over one WebSocket, whatever was given on it before', async () => {
      const client = createClient({
        url: `${wetread.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: await maker.headers(),
      });
      const run = async (query: string): Promise<unknown> => (await client.iterate({ query }).next()).value;
      expect(await run('{ reports { edges { cursor } } }')).toEqual({ data: { reports: { edges: [] } } });
      for (const query of [REVIEW, ASSIGN]) expect([query, (await since(() => run(query))).length]).toEqual([query, 1]);
      await client.dispose();
    });

    it.each([
      ['beside what is given', '{ reports { edges { cursor } } audit(reportId: "of-nobody") { edges { cursor } } }'],
      ['by who notes something', 'mutation { annotateStudy(input: { studyInstanceUID: "2.25.8", text: "x" }) { note { id } } }'],
      ['by who wants a reading', 'mutation { requestReading(input: { studyInstanceUID: "2.25.8" }) { study { id } } }'],
    ])('%s', async (_, query) => {
      const both = await maker.headers({ roles: ['radiologist', 'regulatory', 'reviewer'], scope: 'user/*.cruds' });
      expect((await since(() => ask('POST', '/graphql', both, { query }, FORM))).length).toBe(1);
    });

    it('and one for each thing that is not there, however many are tried at once', async () => {
      const radiologist = await maker.headers();
      const [a, b] = ['0c5e7a52-3a63-4d29-8f8e-0d3bd6b0a112', '0c5e7a52-3a63-4d29-8f8e-0d3bd6b0a113'];
      for (const [query, count] of [
        [`{ a: report(id: "${a}") { id } b: report(id: "${b}") { id } }`, 2],
        [`{ nodes(ids: ["${globalId('Workitem', '2.25.8')}", "${globalId('Workitem', '2.25.9')}"]) { id } }`, 2],
        ['{ a: study(studyInstanceUID: "2.25.8") { id } b: study(studyInstanceUID: "2.25.9") { id } }', 2],
      ] as const)
        expect([query, (await since(() => ask('POST', '/graphql', radiologist, { query }, FORM))).length]).toEqual([query, count]);
    });
  });

  it('in a batch, too', async () => {
    const radiologist = await maker.headers();
    await ask('POST', '/fhir', radiologist, {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'DELETE', url: 'Observation/in-a-batch' } }],
    });
    const [event] = await events('action=D&outcome=4');
    expect(slice(event, '4')).toMatchObject([{ what: { reference: 'Observation/in-a-batch' } }]);
  });
});

/** What a WebSocket ends with: the status of its handshake, or the code it is closed with. */
function endOf(path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${wetread.url.replace('http', 'ws')}${path}`, path === '/graphql' ? ['graphql-transport-ws'] : [], {
    headers,
  });
  return new Promise((done) => {
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => done(statusCode));
    socket.once('close', done);
    socket.once('error', () => undefined);
  });
}

async function errorsIn(event: AuditEvent): Promise<unknown[]> {
  const answer = await wetread.fetch('/fhir/AuditEvent/$validate', {
    method: 'POST',
    headers: { ...(await maker.headers()), 'content-type': FHIR_JSON },
    body: JSON.stringify(event),
  });
  return ((await answer.json()) as OperationOutcome).issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
}
