import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permitOf } from '../../src/access/permits.js';
import { ROLE_PERMITS, ROLES, type Role } from '../../src/access/roles.js';
import { ROUTE_RIGHTS, routeRight } from '../../src/api/route-rights.js';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { SERVED_TYPES } from '../../src/records/served-types.js';
import { aCaller } from '../a-caller.js';
import { aChestXray, newUid } from './instances.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
const ann = aChestXray({ PatientID: 'ANN' });
const bob = aChestXray({ PatientID: 'BOB' });
const idOf = (patientID: string): string => patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, '');
const [ANN, BOB] = [idOf('ANN'), idOf('BOB')];

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
  const all = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  await wetread.storeAs(all, ann.bytes, bob.bytes);
  await eventually(
    async () =>
      ((await (await wetread.fetch('/fhir/ImagingStudy?_summary=count', { headers: all })).json()) as { total: number }).total === 2 ||
      undefined,
    'both studies as resources',
  );
});
afterAll(() => wetread.remove());

const methodsOf = (url: string): string[] => Object.keys(ROUTE_RIGHTS.get(url) ?? {}).filter((method) => method !== 'OPTIONS');
/** A route's address with what stands for its parameters. */
const addressOf = (route: string, values: Readonly<Record<string, string>>): string =>
  route
    .replace(/:([a-zA-Z]+)/g, (_, name: string) => values[name] ?? newUid())
    .replace(/\*$/, '7FE00010')
    .replace(
      '/wado',
      `/wado?requestType=WADO&studyUID=${values['study'] ?? newUid()}&seriesUID=${values['series'] ?? newUid()}&objectUID=${values['instance'] ?? newUid()}`,
    );
/** What nobody has: so that whoever may do all of it changes nothing. */
const NOTHING = {
  type: 'Observation',
  compartment: 'Patient',
  id: 'nobodys',
  job: 'none',
  file: 'Patient.ndjson',
  frames: '1',
  version: '1',
  requester: 'AE',
  subscriber: 'AE',
};
const scopeOf = (role: Role): string => (role === 'system' ? 'system/*.cruds' : 'user/*.cruds');
const callerOf = (role: Role) => aCaller(role, scopeOf(role), role === 'patient' ? { patient: ANN } : {});
const tokenOf = (role: Role, more: object = {}) =>
  maker.headers({
    roles: [role],
    scope: scopeOf(role),
    kind: role === 'system' ? 'system' : 'person',
    ...(role === 'patient' && { patient: ANN }),
    ...more,
  });

/** Whether the tables say that a role gets past a route's door. */
function opens(role: Role, url: string, method: string, type: string): boolean {
  const right = routeRight(url, method);
  if (right.kind === 'operation') return ROLE_PERMITS[role].operations.includes(right.operation);
  if (right.kind !== 'type') return true;
  return right.any.some((one) => permitOf(callerOf(role), right.type === ':type' ? type : right.type, one) !== undefined);
}

const ask = (path: string, method: string, headers: Record<string, string>) =>
  wetread.fetch(path, { method, redirect: 'manual', headers: { ...headers, 'apollo-require-preflight': '1', prefer: 'respond-async' } });

describe('Every route', () => {
  it('of the published contract has its line in the table of rights, and every line its route', async () => {
    const { paths } = await wetread.json<{ paths: Record<string, object> }>('/docs/openapi.json');
    const published = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1').replace(/:path$/, '*')}`),
    );
    const lines = [...ROUTE_RIGHTS].flatMap(([url, by]) => Object.keys(by).map((method) => `${method} ${url}`));
    expect(published.filter((one) => !lines.includes(one))).toEqual([]);
    const unpublished = ['GET /graphql', 'GET /graphql/stream', 'POST /graphql', 'POST /graphql/stream'];
    expect(lines.filter((one) => !published.includes(one)).sort()).toEqual(unpublished);
  });

  it.each(ROLES)('opens to the role %s where the tables say so, and is refused where they do not', async (role) => {
    const headers = await tokenOf(role);
    const wrong: unknown[] = [];
    let asked = 0;
    for (const [url] of ROUTE_RIGHTS)
      for (const method of methodsOf(url)) {
        const { status } = await ask(addressOf(url, NOTHING), method, headers);
        asked += 1;
        const isRight = opens(role, url, method, NOTHING.type)
          ? status !== 401 && (status !== 403 || isDecidedWithin(url))
          : status === 403;
        if (!isRight) wrong.push([method, url, status]);
      }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(120);
  });

  it.each(ROLES)('lets the role %s read and search of each FHIR type what its line has', async (role) => {
    const headers = await tokenOf(role);
    const wrong: unknown[] = [];
    for (const type of SERVED_TYPES)
      for (const [path, interaction] of [
        [`/fhir/${type}?_count=1`, 's'],
        [`/fhir/${type}/nobodys`, 'r'],
      ] as const) {
        const { status } = await ask(path, 'GET', headers);
        // Binaries are searched by who may read all: whose they are says what they belong to.
        const isNarrow = type === 'Binary' && interaction === 's' && ROLE_PERMITS[role].ownCompartmentOnly === true;
        const may = !isNarrow && permitOf(callerOf(role), type, interaction) !== undefined;
        if (may ? ![200, 404].includes(status) : status !== 403) wrong.push([type, interaction, status]);
      }
    expect(wrong).toEqual([]);
  });
});

/** Routes that go on to look who asks: their rooms refuse by what is asked for, workitems whom not all of them are open to. */
const isDecidedWithin = (url: string): boolean =>
  /^\/fhir(\/_search|\/_history)?$|\$(access-log|export|meta|validate|graphql)|\/Patient\/:id\/AuditEvent|export-jobs|_history$|workitems|\/graphql/.test(
    url,
  );

/** Routes that name a study or a resource, asked for with what is there and with what is not. */
const LOOKS = [...ROUTE_RIGHTS.keys()].filter(
  (url) =>
    /:study|\/wado|\/fhir\/:type\/:id(\/_history|\/_history\/:version|\/\$everything|\/\$document|\/\$meta|\/\$graphql)?$/.test(url) &&
    methodsOf(url).includes('GET'),
);

/** An answer without what names the thing that was asked for. */
async function answerTo(path: string, names: readonly string[], headers: Record<string, string>): Promise<unknown> {
  const answer = await ask(path, 'GET', headers);
  let text = await answer.text();
  for (const name of names) text = text.replaceAll(name, 'IT');
  return [answer.status, answer.headers.get('content-type'), text];
}

const named = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: typeof ann, patient: string) => ({
  ...NOTHING,
  study: studyInstanceUID,
  series: seriesInstanceUID,
  instance: sopInstanceUID,
  type: 'Patient',
  id: patient,
});
const absent = () => ({ ...NOTHING, study: newUid(), series: newUid(), instance: newUid(), type: 'Patient', id: 'there-is-none' });

describe.each([
  ['another patient', () => tokenOf('radiologist', { scope: 'patient/*.rs', patient: ANN })],
  ['another patient, by a patient’s account', () => tokenOf('patient')],
  ['another organisation', () => tokenOf('radiologist', { tenant: 2 })],
  ['another organisation, by a system', () => tokenOf('system', { tenant: 2 })],
])('What is of %s', (whose, token) => {
  it.each(LOOKS)('is answered at %s as what is not there', async (url) => {
    const headers = await token();
    const [theirs, nothing] = [named(bob, BOB), absent()];
    const [theirPath, absentPath] = [addressOf(url, theirs), addressOf(url, nothing)];
    const answers = await Promise.all([
      answerTo(theirPath, Object.values(theirs), headers),
      answerTo(absentPath, Object.values(nothing), headers),
    ]);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('is in no list and no count', async () => {
    const headers = await token();
    const isOwn = !whose.includes('organisation');
    for (const [path, count] of [
      ['/fhir/Patient?_summary=count', isOwn ? 1 : 0],
      ['/fhir/ImagingStudy?_summary=count', isOwn ? 1 : 0],
    ] as const)
      expect([path, ((await (await ask(path, 'GET', headers)).json()) as { total: number }).total]).toEqual([path, count]);
    for (const level of ['studies', 'series', 'instances']) {
      const text = await (await ask(`/dicom-web/${level}?limit=500`, 'GET', headers)).text();
      expect(text.includes(bob.studyInstanceUID)).toBe(false);
      expect(text.includes(ann.studyInstanceUID)).toBe(isOwn);
    }
    const query = '{ studies { edges { node { studyInstanceUID patientID } } } reports { edges { node { id } } } }';
    const graph = await wetread.fetch('/graphql', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await graph.text()).not.toContain(bob.studyInstanceUID);
  });
});

describe('Two organisations', () => {
  it('store the same study and write the same resource, each for itself', async () => {
    const [here, there] = await Promise.all([tokenOf('system'), tokenOf('system', { tenant: 2 })]);
    expect((await wetread.storeAs(there, ann.bytes)).status).toBe(200);
    const put = (headers: Record<string, string>, value: string) =>
      wetread.fetch('/fhir/Organization/hospital', {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/fhir+json' },
        body: JSON.stringify({ resourceType: 'Organization', id: 'hospital', name: value }),
      });
    expect([(await put(here, 'Here')).status, (await put(there, 'There')).status]).toEqual([201, 201]);
    for (const [headers, name] of [
      [here, 'Here'],
      [there, 'There'],
    ] as const)
      expect(await (await ask('/fhir/Organization/hospital', 'GET', headers)).json()).toMatchObject({ name, meta: { versionId: '1' } });
    expect((await ask(`/dicom-web/studies/${ann.studyInstanceUID}`, 'DELETE', there)).status).toBe(204);
    const kept = await ask(`/dicom-web/studies/${ann.studyInstanceUID}/metadata`, 'GET', here);
    expect(kept.status).toBe(200);
  });
});
