import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Interaction } from '../../src/access/grant.js';
import { permitOf } from '../../src/access/permits.js';
import { ROLE_PERMITS, ROLES, type Role } from '../../src/access/roles.js';
import { ROUTE_RIGHTS, routeRight } from '../../src/api/route-rights.js';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { SERVED_TYPES } from '../../src/records/served-types.js';
import { aCaller } from '../a-caller.js';
import { randomUUID } from 'node:crypto';
import { aChestXray, newUid } from './instances.js';
import { answerTo, ask, bodyFor } from './compared-answers.js';
import { noise } from './chest-study.js';
import { evidenceKind, evidenceOf, type EvidenceOf } from './evidence-of.js';
import { addressOf, administeredOf, thingsOf } from './things-of.js';
import { AUDITING, COMPARED, lookersAt, typesAt } from './lookers.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let maker: TokenMaker;
const [ann, bob] = ['ANN', 'BOB'].map((PatientID) => aChestXray({ PatientID, Rows: 64, Columns: 64 }, { pixelData: noise(64 * 64) }));
const idOf = (patientID: string): string => patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, '');
const [ANN, BOB] = [idOf('ANN'), idOf('BOB')];

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.sql(`INSERT INTO tenant (name) SELECT 'elsewhere ' || n FROM generate_series(1, ${ROLES.length + 1}) n`);
  const all = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  await wetread.storeAs(all, ann.bytes, bob.bytes);
  await eventually(
    async () =>
      ((await (await wetread.fetch('/fhir/ImagingStudy?_summary=count', { headers: all })).json()) as { total: number }).total === 2 ||
      undefined,
    'both studies as resources',
  );
  theirs = await thingsOf(wetread, BOB, all);
  await administeredOf(wetread, theirs, await tokenOf('administrator'));
  evidence = await evidenceOf(wetread, await tokenOf('validation-lead'));
});
afterAll(() => wetread.remove());

const methodsOf = (url: string): string[] => Object.keys(ROUTE_RIGHTS.get(url) ?? {}).filter((method) => method !== 'OPTIONS');
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
  const isOpen = (one: Interaction): boolean => permitOf(callerOf(role), right.type === ':type' ? type : right.type, one) !== undefined;
  return right.any.some(isOpen) && (right.all ?? []).every(isOpen);
}

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
        const { status } = await ask(wetread, addressOf(url, NOTHING), method, headers);
        asked += 1;
        const isRight = opens(role, url, method, NOTHING.type)
          ? status < 500 && status !== 401 && (status !== 403 || isDecidedWithin(url))
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
        const { status } = await ask(wetread, path, 'GET', headers);
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

/** Every route and method that names something, with each kind of thing that a name may be of. */
const NAMING = [...ROUTE_RIGHTS.keys()]
  .filter((url) => /:(study|id|workitem|job|compartment)\b|^\/wado$/.test(url))
  .flatMap((url) => methodsOf(url).map((method) => [method, url] as const));

/** Ids of Bob's things by their type. */
let theirs: Map<string, string>;
let evidence: EvidenceOf;
const named = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: typeof ann, type: string) => ({
  ...NOTHING,
  study: studyInstanceUID,
  series: seriesInstanceUID,
  instance: sopInstanceUID,
  workitem: theirs.get('Task') ?? '',
  job: theirs.get('job') ?? '',
  type,
  id: theirs.get(type) ?? '',
});
const absent = (type: string): Record<keyof ReturnType<typeof named>, string> => ({
  ...NOTHING,
  study: newUid(),
  series: newUid(),
  instance: newUid(),
  workitem: newUid(),
  job: randomUUID(),
  type,
  id: randomUUID(),
});

/** What no role is given of Bob's things by itself: an export's file is another's, what a Subscription has told nobody yet. */
const GIVEN_TO_NOBODY = /export-jobs/;
const AUDITED = /AuditEvent|access-log/;
/** Not for a patient’s account: tasks are open all or none. */
const NOT_THE_PATIENTS = /workitems/;
/** Who has no part in a study gets no case of it, and before it is unblinded nobody results (e2e/study-order). Exports are of Groups, a Subscription's events its maker's, accounts and clients the organisation's: each is asked for by tests of its own. */
const SILENT: readonly string[] = [
  '/fhir/:type/:id/$export',
  '/fhir/:type/:id/$events',
  '/fhir/:type/:id/$get-ws-binding-token',
  '/access/accounts/:id',
  '/access/clients/:id',
  ...['run', 'labelling/next', 'cases/:case/image', 'freeze', 'package', 'analyses'].map((below) => `/evidence/studies/:id/${below}`),
];

describe('What is there', () => {
  const looks = NAMING.filter(([method]) => method === 'GET').map(([, url]) => url);

  it.each(looks)('is given by GET %s to every role that may look, and to no other', async (url) => {
    for (const type of typesAt(url)) {
      const names = named(bob, type);
      const kind = evidenceKind(url);
      if (kind !== undefined) names.id = evidence[kind];
      else if (url.includes(':compartment') || !url.includes(':type'))
        names.id = url.startsWith('/fhir/AuditEvent') ? (theirs.get('AuditEvent') ?? '') : BOB;
      const query = url.includes('$graphql') ? '?query={id}' : '';
      const given: Role[] = [];
      for (const role of ROLES) {
        const headers = await tokenOf(role, role === 'patient' ? { patient: BOB, claims: { fhirUser: `Patient/${BOB}` } } : {});
        const { status } = await ask(wetread, addressOf(url, names) + query, 'GET', headers);
        expect([role, status < 500]).toEqual([role, true]);
        if (status < 300) given.push(role);
      }
      const may = type === 'AuditEvent' || AUDITED.test(url) ? AUDITING : lookersAt(url);
      const others = given.filter((role) => !may.includes(role) && !(role === 'patient' && url.includes('access-log')));
      expect([url, type, others]).toEqual([url, type, []]);
      if (GIVEN_TO_NOBODY.test(url)) continue;
      givenTo.set(`${url} ${type}`, given);
    }
  });

  it('and each of those addresses gives what it is for to all of them alike', () => {
    const routes = Map.groupBy(givenTo, ([at]) => at.split(' ')[0]);
    const silent = [...routes].filter(([, all]) => all.every(([, given]) => given.length === 0)).map(([url]) => url);
    expect(silent).toEqual(SILENT);
    const uneven = [...givenTo].filter(
      ([at, given]) =>
        given.length > 0 &&
        !AUDITED.test(at) &&
        !at.endsWith('Subscription') &&
        lookersAt(at).some((role) => !given.includes(role) && !(role === 'patient' && NOT_THE_PATIENTS.test(at))),
    );
    expect(uneven).toEqual([]);
  });
});
const givenTo = new Map<string, Role[]>();

/** Each of an organisation of its own: what is on record of one's asking is nothing that another finds. A system has no patient's context, and a patient's account is of a patient. */
const OF_A_PATIENT = ROLES.filter((role) => role !== 'system' && role !== 'patient');
const STRANGERS: readonly [whose: string, token: () => Promise<Record<string, string>>][] = [
  ...OF_A_PATIENT.map((role): (typeof STRANGERS)[number] => [
    `another patient, by the role ${role}`,
    () => tokenOf(role, { scope: 'patient/*.cruds', patient: ANN }),
  ]),
  ['another patient, by a patient’s account', () => tokenOf('patient')],
  ...ROLES.map((role, i): (typeof STRANGERS)[number] => [
    `another organisation, by the role ${role}`,
    () => tokenOf(role, { tenant: 2 + i }),
  ]),
  ['another organisation, by a system', () => tokenOf('system', { tenant: 2 + ROLES.length })],
];

describe.each(STRANGERS)('What is of %s', (whose, token) => {
  it.each(NAMING)('%s %s is answered as what is not there', async (method, url) => {
    const headers = await token();
    const isIn = url.includes(':compartment');
    // Who asked for Bob before has records of having asked: Patient/:id/AuditEvent stands before all that would.
    const types = isIn ? COMPARED.filter((type) => type !== 'AuditEvent') : typesAt(url);
    const kind = evidenceKind(url);
    for (const type of types) {
      const [there, nothing] = [named(bob, type), absent(type)];
      if (isIn) there.id = BOB;
      // Evidence is an organisation's, no patient's.
      if (kind !== undefined) there.id = whose.includes('organisation') ? evidence[kind] : randomUUID();
      const administered = /^\/access\/(account|client|organisation)s\//.exec(url)?.[1];
      if (administered !== undefined) there.id = theirs.get(administered) ?? '';
      if (administered === 'organisation') nothing.id = '31415'; // its id is a number
      const answers = [];
      for (const names of [there, nothing]) {
        const given = bodyFor(method, url, names);
        answers.push(
          await answerTo(wetread, {
            method,
            path: addressOf(url, names) + (method === 'GET' && url.includes('$graphql') ? '?query={id}' : ''),
            names: [...new Set(Object.values(names))].filter((name) => name.length > 20),
            headers: { ...headers, ...given.headers },
            body: given.body,
          }),
        );
      }
      expect([type, answers[0]]).toEqual([type, answers[1]]);
    }
  });

  it('is in no list and no count', async () => {
    const headers = await token();
    const isOwn = !whose.includes('organisation');
    const mayLook = !/regulatory|study-member|model-admin|administrator/.test(whose);
    for (const [path, count] of [
      ['/fhir/Patient?_summary=count', isOwn ? 1 : 0],
      ['/fhir/Encounter?_summary=count', 0],
      ['/fhir/ImagingStudy?_summary=count', isOwn ? 1 : 0],
    ] as const)
      expect([path, ((await (await ask(wetread, path, 'GET', headers)).json()) as { total?: number }).total]).toEqual([
        path,
        mayLook ? count : undefined,
      ]);
    for (const level of ['studies', 'series', 'instances']) {
      const text = await (await ask(wetread, `/dicom-web/${level}?limit=500`, 'GET', headers)).text();
      expect(text.includes(bob.studyInstanceUID)).toBe(false);
      expect(text.includes(ann.studyInstanceUID)).toBe(isOwn && mayLook);
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
