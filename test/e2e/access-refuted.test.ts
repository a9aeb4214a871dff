import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { aWorkitem } from './a-workitem.js';
import { aPhantom } from './phantoms.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

/** Ways past the rule that were found by looking for them; each was open once. */
let wetread: Wetread;
let maker: TokenMaker;
let all: Record<string, string>;
let report: string;
const bob = aPhantom();
const idOf = (patientID: string): string => patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, '');
const [ANN, BOB] = [idOf('ANN'), idOf(bob.patientID)];

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  all = await by({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  await fhir('PUT', `Patient/${ANN}`, all, { resourceType: 'Patient', id: ANN });
  await wetread.storeAs(all, bob.bytes);
  report = await eventually(async () => {
    const { entry } = (await (await fhir('GET', `DiagnosticReport?subject=Patient/${BOB}`, all)).json()) as {
      entry?: { resource: { id: string } }[];
    };
    return entry?.[0]?.resource.id;
  }, 'the report');
  for (const id of ['doc', 'victim']) await fhir('PUT', `Practitioner/${id}`, all, { resourceType: 'Practitioner', id });
});
afterAll(() => wetread.remove());

const by = (asked: TokenAsked): Promise<Record<string, string>> => maker.headers(asked);
const fhir = (method: string, path: string, headers: Record<string, string>, body?: object) =>
  wetread.fetch(`/fhir/${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/fhir+json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
const graph = async (query: string, headers: Record<string, string>): Promise<string> =>
  (
    await wetread.fetch('/graphql', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
  ).text();
const observation = (id: string, patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patient}` },
  ...more,
});

describe('The graph', () => {
  it('gives workitems to whom all of them are open, as DICOMweb does', async () => {
    await wetread.fetch('/dicom-web/workitems', {
      method: 'POST',
      headers: { ...all, 'content-type': 'application/dicom+json' },
      body: JSON.stringify([aWorkitem()]),
    });
    const query = '{ workitems(first: 5) { edges { node { workitemUID } } } }';
    expect(await graph(query, await by({ roles: ['patient'], scope: 'patient/*.rs', patient: ANN }))).toMatch(/not-permitted/);
    expect(await graph(query, await by({ scope: 'patient/Task.rs', patient: ANN }))).toMatch(/not-permitted/);
    expect(await graph(query, await by({ scope: 'user/Task.rs' }))).toMatch(/"workitemUID":"/);
  });

  it('gives readings of no study whose Observations are shut', async () => {
    const query = `{ study(studyInstanceUID: "${bob.studyInstanceUID}") { series { instances { readings { state } } } } readings { edges { node { state } } } }`;
    const shut = await graph(
      query,
      await by({ scope: 'patient/Observation.rs user/ImagingStudy.rs user/DiagnosticReport.rs', patient: ANN }),
    );
    expect(shut).not.toMatch(/"state"/);
    expect(await graph(query, await by({ scope: 'user/Observation.rs?category=laboratory user/ImagingStudy.rs' }))).not.toMatch(/"state"/);
    expect(await graph(query, await by({ scope: 'patient/*.rs', patient: BOB }))).toMatch(/"state"/);
  });

  it('gives the record of accesses to auditors of all of it', async () => {
    const mixed = await by({
      roles: ['regulatory', 'radiologist'],
      scope: 'patient/AuditEvent.rs user/DiagnosticReport.rs user/ImagingStudy.rs',
      patient: ANN,
    });
    expect(await graph(`{ audit(studyInstanceUID: "${bob.studyInstanceUID}") { edges { node { actor } } } }`, mixed)).toMatch(
      /not-permitted/,
    );
  });
});

describe('What a client writes', () => {
  it('of a study opens no images', async () => {
    const her = await by({ scope: 'patient/*.cruds', patient: ANN });
    const claim = {
      resourceType: 'ImagingStudy',
      status: 'available',
      subject: { reference: `Patient/${ANN}` },
      identifier: [{ system: 'urn:dicom:uid', value: `urn:xyz:${bob.studyInstanceUID}` }],
    };
    await fhir('POST', 'ImagingStudy', her, claim);
    const found = await wetread.fetch(`/dicom-web/instances?StudyInstanceUID=${bob.studyInstanceUID}&includefield=all`, { headers: her });
    expect(await found.text()).toBe('[]');
    expect(await graph(`{ study(studyInstanceUID: "${bob.studyInstanceUID}") { patientName } }`, her)).toBe('{"data":{"study":null}}\n');
  });

  it('in a patient’s context is about that patient alone', async () => {
    const her = await by({ scope: 'patient/*.cruds', patient: ANN });
    const { id: _id, ...foreign } = observation('x', BOB, { performer: [{ reference: `Patient/${ANN}` }] });
    expect((await fhir('POST', 'Observation', her, foreign)).status).toBe(403);
    const { id: _own, ...own } = observation('x', ANN);
    expect((await fhir('POST', 'Observation', her, own)).status).toBe(201);
    const patch = await wetread.fetch(`/dicom-web/studies/${bob.studyInstanceUID}/metadata`, {
      method: 'PATCH',
      headers: { ...(await by({ scope: 'patient/*.cruds', patient: BOB })), 'content-type': 'application/dicom+json' },
      body: JSON.stringify([{ '00100020': { vr: 'LO', Value: ['ANN'] } }]),
    });
    expect(patch.status).toBe(403);
  });

  it('is told to be a rival of what is there to nobody who may not write it', async () => {
    const study = {
      resourceType: 'ImagingStudy',
      status: 'available',
      subject: { reference: 'Patient/x' },
      identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${bob.studyInstanceUID}` }],
    };
    const answer = await fhir('POST', 'ImagingStudy/$validate?mode=create', await by({ roles: ['administrator'], scope: 'openid' }), study);
    expect(await answer.text()).not.toMatch(/rival/);
  });
});

describe('A Subscription', () => {
  it('tells nobody of what they may not look at', async () => {
    const subscription = {
      resourceType: 'Subscription',
      id: 'heard',
      status: 'requested',
      reason: 'to hear',
      criteria: 'http://wetread.invalid/SubscriptionTopic/report-status-changed',
      channel: { type: 'websocket', payload: 'application/fhir+json' },
    };
    expect([201, 422]).toContain((await fhir('PUT', 'Subscription/heard', all, subscription)).status);
    for (const scope of ['user/Subscription.rs', 'patient/*.rs user/Subscription.rs']) {
      const headers = await by({ scope, patient: ANN });
      expect((await fhir('GET', 'Subscription/heard/$events?content=full-resource', headers)).status).toBe(403);
      expect((await fhir('GET', 'Subscription/heard/$get-ws-binding-token', headers)).status).toBe(403);
    }
  });
});

describe('A review', () => {
  const review = async (asked: TokenAsked, reviewer: string) =>
    fhir(
      'POST',
      `DiagnosticReport/${report}/$review`,
      { ...(await by(asked)), 'if-match': 'W/"1"' },
      {
        resourceType: 'Parameters',
        parameter: [
          { name: 'decision', valueCode: 'reject' },
          { name: 'reviewer', valueReference: { reference: reviewer } },
          { name: 'reason', valueString: 'not to be done' },
        ],
      },
    );

  it('is of a report that the token lets be changed, and in the reviewer’s own name', async () => {
    const own = { fhirUser: 'Practitioner/doc' };
    const narrow = {
      roles: ['reviewer'] as const,
      scope: 'patient/*.rs user/DiagnosticReport.rs patient/DiagnosticReport.u',
      patient: ANN,
      claims: own,
    };
    expect((await review(narrow, 'Practitioner/doc')).status).toBe(404);
    const wide = { roles: ['reviewer'] as const, scope: 'user/*.cruds', claims: own };
    const foreign = await review(wide, 'Practitioner/victim');
    expect([foreign.status, await foreign.text()]).toEqual([403, expect.stringContaining('reviewer-not-caller')]);
    expect((await review({ ...wide, claims: {} }, 'Practitioner/doc')).status).toBe(403);
  });
});

describe('A broken glass', () => {
  const glass = { 'x-break-glass': 'Unconscious in the emergency room' };

  it('opens to an app nothing of which it was granted nothing, and nothing in bulk', async () => {
    const bare = { ...(await by({ scope: 'openid user/ValueSet.rs' })), ...glass };
    expect((await fhir('GET', `Patient/${BOB}`, bare)).status).toBe(403);
    const wide = { ...(await by({ scope: 'user/*.rs' })), ...glass, prefer: 'respond-async' };
    expect((await fhir('GET', '$export', wide)).status).toBe(403);
    expect((await fhir('GET', `Patient/${BOB}`, wide)).status).toBe(200);
  });

  it('is broken for the entries of a batch, too', async () => {
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Patient/${BOB}/$everything` } }] };
    const headers = { ...(await by({ scope: 'patient/*.rs wetread/access.break-glass', patient: ANN })), ...glass };
    const answer = (await (await fhir('POST', '', headers, batch)).json()) as { entry: { response: { status: string } }[] };
    expect(answer.entry[0].response.status).toMatch(/^200/);
  });
});

describe('Other ways', () => {
  it('an export is its app’s alone, and needs the right to its types still', async () => {
    const [first, second] = ['app-a', 'app-b'].map((client_id) => ({ scope: 'user/*.rs', claims: { sub: 'a-person', client_id } }));
    const begun = await fhir('GET', '$export?_type=Patient', { ...(await by(first)), prefer: 'respond-async' });
    const at = new URL(begun.headers.get('content-location') ?? '').pathname;
    expect((await wetread.fetch(at, { headers: await by(second) })).status).toBe(404);
    expect((await wetread.fetch(at, { headers: await by({ ...first, scope: 'openid' }) })).status).toBe(403);
    expect([200, 202]).toContain((await wetread.fetch(at, { headers: await by(first) })).status);
  });

  it('a Binary is read by who may read what it belongs to (R4 binary.html)', async () => {
    const binary = {
      resourceType: 'Binary',
      id: 'bobs',
      contentType: 'text/plain',
      securityContext: { reference: `Patient/${BOB}` },
      data: 'c2VjcmV0',
    };
    expect((await fhir('PUT', 'Binary/bobs', all, binary)).status).toBe(201);
    const her = await by({ scope: 'patient/*.rs user/Binary.rs', patient: ANN });
    expect((await fhir('GET', 'Binary/bobs', her)).status).toBe(404);
    expect((await fhir('GET', 'Binary', her)).status).toBe(403);
    expect((await fhir('GET', 'Binary/bobs', await by({ scope: 'patient/*.rs user/Binary.rs', patient: BOB }))).status).toBe(200);
  });

  it('what is shut brings nothing along', async () => {
    await fhir('PUT', 'Observation/a2', all, observation('a2', ANN));
    await fhir('PUT', 'Observation/b1', all, observation('b1', BOB, { hasMember: [{ reference: 'Observation/a2' }] }));
    await fhir('PUT', 'Observation/a1', all, observation('a1', ANN, { hasMember: [{ reference: 'Observation/b1' }] }));
    const her = await by({ scope: 'patient/*.rs', patient: ANN });
    const found = (await (await fhir('GET', 'Observation?_id=a1&_include:iterate=Observation:has-member', her)).json()) as {
      entry: { resource: { id: string } }[];
    };
    expect(found.entry.map(({ resource }) => resource.id)).toEqual(['a1']);
  });

  it('an organisation that is not there has no rows, and no organisation but the first has the server', async () => {
    expect((await fhir('GET', 'Patient', await by({ tenant: 999 }))).status).toBe(401);
    await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
    const elsewhere = await eventually(async () => {
      const headers = await by({ roles: ['administrator'], tenant: 2 });
      return (await fhir('GET', 'Organization', headers)).status === 200 ? headers : undefined;
    }, 'the new organisation');
    expect((await wetread.fetch('/access/keys/rotate', { method: 'POST', headers: elsewhere })).status).toBe(403);
    expect((await wetread.fetch('/metrics', { headers: elsewhere })).status).toBe(403);
  });

  it('a browser keeps nothing that it may give out by itself', async () => {
    for (const path of [`/fhir/Patient/${BOB}`, `/dicom-web/studies/${bob.studyInstanceUID}/metadata`]) {
      const { headers } = await wetread.fetch(path, { headers: all });
      expect(headers.get('cache-control')).toMatch(/no-cache|no-store/);
      expect(headers.get('vary')).toMatch(/authorization/i);
    }
  });

  it('a stream of events ends when its token is taken back', async () => {
    const jti = 'ends-with-it';
    const headers = {
      ...(await by({ scope: 'user/*.rs', claims: { jti } })),
      accept: 'text/event-stream',
      'content-type': 'application/json',
    };
    const stream = await wetread.fetch('/graphql/stream', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: 'subscription { reportIssued { id } }' }),
    });
    expect(stream.status).toBe(200);
    await wetread.sql(`INSERT INTO revoked_token (mark, expires) VALUES ($1, now() + interval '1 h')`, [jti]);
    await stream.text(); // to its end
  });
});
