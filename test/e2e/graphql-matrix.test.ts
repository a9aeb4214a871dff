import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isObjectType, isRequiredArgument, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { randomUUID } from 'node:crypto';
import { ROLES, type Role } from '../../src/access/roles.js';
import { NODE_TYPES, type NodeType } from '../../src/api/graphql/node-id.js';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { aCaller } from '../a-caller.js';
import { aWorkitem } from './a-workitem.js';
import { fieldsOf, isPermitted, needsOf, schema, ways, written } from './graph-ways.js';
import { newUid } from './instances.js';
import { aPhantom, idle } from './phantoms.js';
import { EVIDENCE } from './study-graph-asked.js';
import { TokenMaker } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

/** Every field of the published graph that needs something, to every role; every way to name a thing, to whom it is not theirs. */
const [ann, bob] = [aPhantom(), aPhantom()];
const idOf = (patientID: string): string => patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, '');
const [ANN, BOB] = [idOf(ann.patientID), idOf(bob.patientID)];

const workitemUID = newUid();
let wetread: Wetread;
let maker: TokenMaker;
let report: { readonly ann: string; readonly bob: string };

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('elsewhere')`);
  const all = await headersOf('system');
  await wetread.storeAs(all, ann.bytes, bob.bytes);
  await wetread.fetch(`/dicom-web/workitems?${workitemUID}`, {
    method: 'POST',
    headers: { ...all, 'content-type': 'application/dicom+json' },
    body: JSON.stringify([aWorkitem()]),
  });
  const reportOf = (uid: string) =>
    eventually(async () => {
      const { data } = await ask<{ study: { reports: { id: string }[] } | null }>(
        `{ study(studyInstanceUID: "${uid}") { reports { id } } }`,
        all,
      );
      return data?.study?.reports.at(0)?.id;
    }, 'report');
  report = { ann: await reportOf(ann.studyInstanceUID), bob: await reportOf(bob.studyInstanceUID) };
  await idle(wetread);
}, 60_000);
afterAll(() => wetread.remove());

interface Answer<T = unknown> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly locations?: unknown; readonly extensions: { readonly code: string } }[];
}

async function ask<T>(query: string, headers: Record<string, string>): Promise<Answer<T>> {
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors, ...rest } = (await answer.json()) as Answer<T>;
  // Where in the query it was is another place for a longer name.
  return (errors === undefined ? rest : { ...rest, errors: errors.map((error) => ({ ...error, locations: undefined })) }) as Answer<T>;
}

const scopeOf = (role: Role): string => (role === 'system' ? 'system/*.cruds' : 'user/*.cruds');
const headersOf = (role: Role, more: object = {}) =>
  maker.headers({
    roles: [role],
    scope: scopeOf(role),
    kind: role === 'system' ? 'system' : 'person',
    ...(role === 'patient' && { patient: ANN }),
    ...more,
  });

/** What a subscription tells within a moment. */
async function heard(query: string, headers: Record<string, string>): Promise<string> {
  const leaving = new AbortController();
  const answer = await wetread.fetch('/graphql/stream', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal: leaving.signal,
  });
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
  })().catch(() => undefined);
  await Promise.race([reading, new Promise((done) => setTimeout(done, 300))]);
  leaving.abort();
  await reading;
  return text;
}

const workitemId = (): string => Buffer.from(`Workitem:${newUid()}`).toString('base64url');

/** What a field is asked with, of Ann's. One that needs an argument and is not here fails the test. */
const argumentsOf = (name: string): string | undefined =>
  ({
    study: `(studyInstanceUID: "${ann.studyInstanceUID}")`,
    report: `(id: "${report.ann}")`,
    node: `(id: "${report.ann}")`,
    nodes: `(ids: ["${report.ann}"])`,
    audit: `(studyInstanceUID: "${ann.studyInstanceUID}")`,
    annotateStudy: `(input: { studyInstanceUID: "${newUid()}", text: "x" })`,
    assignWorkitem: `(input: { workitemId: "${workitemId()}", performer: { code: "x", meaning: "x", scheme: "99X" } })`,
    claimWorkitem: `(input: { workitemId: "${workitemId()}" })`,
    requestReading: `(input: { studyInstanceUID: "${newUid()}" })`,
    reviewReport: `(input: { reportId: "${randomUUID()}", decision: ACCEPT, ifMatch: "W/\\"1\\"", reviewer: "Practitioner/x" })`,
    uploadModel: '(input: { card: "{}", onnx: "AAAA" })',
    uploadModelPart: '(input: { data: "AAAA" })',
    ...EVIDENCE,
    studyProgress: `(studyInstanceUID: "${ann.studyInstanceUID}")`,
  })[name];

const isRefused = ({ errors = [] }: Answer): boolean =>
  errors.some(({ extensions: { code } }) => code === 'not-permitted' || code === 'operation-not-permitted');

describe('Every field', () => {
  it('that needs an argument is asked with one here, and every type is reached', () => {
    const reached = ways(argumentsOf);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      type ? fieldsOf(type) : [],
    );
    const lacking = roots.filter((field) => field.args.some(isRequiredArgument) && argumentsOf(field.name) === undefined);
    expect(lacking.map(({ name }) => name)).toEqual([]);
    const guarded = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => fieldsOf(type).some((field) => needsOf(field).length > 0))
      .map(({ name }) => name)
      .filter((name) => !/^(Mutation|Subscription|\w+Payload)$/.test(name)); // payloads: graphql-partial.test
    expect(guarded.filter((name) => !reached.has(name))).toEqual([]);
  });

  it.each(ROLES)('is given to the role %s where the tables say so, and to it alone', async (role) => {
    const headers = await headersOf(role);
    const caller = aCaller(role, scopeOf(role), role === 'patient' ? { patient: ANN } : {});
    const may = (field: GraphQLField<unknown, unknown>): boolean =>
      needsOf(field).every((need) => isPermitted(caller, role, field.name, need));
    const wrong: unknown[] = [];
    let asked = 0;
    const compare = async (query: string, expected: boolean): Promise<void> => {
      const answer = await ask(query, headers);
      asked += 1;
      if (isRefused(answer) === expected || answer.errors?.some(({ extensions: { code } }) => /internal|GRAPHQL/.test(code)))
        wrong.push([query, expected, answer.errors?.map(({ extensions: { code } }) => code)]);
    };
    for (const [name, way] of ways(argumentsOf)) {
      const type = schema.getType(name);
      // A list without a thing in it has nobody to ask: of what the way lets nobody through to, the way itself is asked.
      if (!isObjectType(type) || !way.every(({ field }) => may(field))) continue;
      for (const field of fieldsOf(type)) await compare(`{ ${written(way, field, argumentsOf)} }`, may(field));
    }
    for (const field of fieldsOf(schema.getMutationType() as GraphQLObjectType))
      await compare(`mutation { ${written([], field, argumentsOf)} }`, may(field));
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(20);
  });

  it.each(ROLES)('that is followed is given to the role %s where the tables say so, and to it alone', async (role) => {
    const headers = await headersOf(role);
    const caller = aCaller(role, scopeOf(role), role === 'patient' ? { patient: ANN } : {});
    for (const field of fieldsOf(schema.getSubscriptionType() as GraphQLObjectType)) {
      const text = await heard(`subscription { ${written([], field, argumentsOf)} }`, headers);
      const expected = needsOf(field).every((need) => isPermitted(caller, role, field.name, need));
      expect([field.name, /not-permitted/.test(text)]).toEqual([field.name, !expected]);
    }
  });
});

describe.each([
  ['another patient', () => headersOf('radiologist', { scope: 'patient/*.cruds', patient: ANN })],
  ['another patient, by a patient’s account', () => headersOf('patient')],
  ['another organisation', () => headersOf('radiologist', { tenant: 2 })],
  ['another organisation, by a system', () => headersOf('system', { tenant: 2 })],
])('What is of %s', (_, token) => {
  /** The id of one thing of each type, as who may see all is told it. */
  async function idsOfBobs(): Promise<Map<NodeType, string>> {
    const all = await headersOf('system');
    const uid = bob.studyInstanceUID;
    const { data } = await ask<{
      study: {
        id: string;
        series: { id: string; instances: { id: string; readings: { id: string }[] }[] }[];
        reports: { id: string; findings: { id: string }[] }[];
      };
      workitems: { edges: { node: { id: string } }[] };
    }>(
      `{ study(studyInstanceUID: "${uid}") { id series { id instances { id readings { id } } } reports { id findings { id } } } workitems(first: 1) { edges { node { id } } } }`,
      all,
    );
    if (!data) throw new Error('who may see all sees nothing');
    const [series] = data.study.series;
    return new Map<NodeType, string>([
      ['Study', data.study.id],
      ['Series', series.id],
      ['Instance', series.instances[0].id],
      ['Reading', series.instances[0].readings[0].id],
      ['Report', data.study.reports[0].id],
      ['Finding', data.study.reports[0].findings[0].id],
      ['Workitem', data.workitems.edges[0].node.id],
    ]);
  }

  /** An id of the same form, of what there is none of. */
  function absent(type: NodeType, id: string): string {
    if (type === 'Report') return randomUUID();
    const text = Buffer.from(id, 'base64url').toString();
    const other = text
      .replaceAll(/\d+(\.\d+)+/g, () => newUid())
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, () => randomUUID());
    expect(other).not.toBe(text);
    return Buffer.from(other).toString('base64url');
  }

  it('is answered as what is not there by its id, whatever it is', async () => {
    const headers = await token();
    const ids = await idsOfBobs();
    expect([...ids.keys(), 'Model'].sort()).toEqual([...NODE_TYPES].sort()); // a model is nobody's
    for (const [type, id] of ids) {
      const by = (one: string) => ask(`{ node(id: "${one}") { id __typename } nodes(ids: ["${one}"]) { id } }`, headers);
      const [theirs, nothing] = [await by(id), await by(absent(type, id))];
      expect([type, theirs]).toEqual([type, nothing]);
      expect(JSON.stringify(theirs)).not.toContain(id);
    }
  });

  it('is answered as what is not there by every field and change that names it', async () => {
    const headers = await token();
    const [theirWorkitem, noWorkitem] = [workitemUID, newUid()];
    const performer = 'performer: { code: "x", meaning: "x", scheme: "99X" }';
    const queries: readonly ((study: string, report: string, workitem: string) => string)[] = [
      (_uid, _id, workitem) => `mutation { assignWorkitem(input: { workitemId: "${workitem}", ${performer} }) { workitem { id } } }`,
      (_uid, _id, workitem) => `mutation { claimWorkitem(input: { workitemId: "${workitem}" }) { transactionUID } }`,
      (uid) => `{ workitems(filter: { studyInstanceUID: "${uid}" }) { edges { node { id } } } }`,
      (_uid, _id, workitem) =>
        `{ workitems(filter: { patientID: "${workitem === theirWorkitem ? 'P-1' : 'nobody'}" }) { edges { node { id } } } }`,
      (uid) => `{ study(studyInstanceUID: "${uid}") { id } }`,
      (_uid, id) => `{ report(id: "${id}") { id } }`,
      (uid) => `{ reports(filter: { studyInstanceUID: "${uid}" }) { edges { node { id } } } }`,
      (uid) => `{ readings(filter: { studyInstanceUID: "${uid}" }) { edges { node { id } } } }`,
      (uid) => `{ audit(studyInstanceUID: "${uid}") { edges { node { id } } } }`,
      (_uid, id) => `{ audit(reportId: "${id}") { edges { node { id } } } }`,
      (uid) => `mutation { annotateStudy(input: { studyInstanceUID: "${uid}", text: "x" }) { note { id } } }`,
      (_uid, id) => `mutation { annotateStudy(input: { reportId: "${id}", text: "x" }) { note { id } } }`,
      (uid) => `mutation { requestReading(input: { studyInstanceUID: "${uid}" }) { study { id } } }`,
      (_uid, id) =>
        `mutation { reviewReport(input: { reportId: "${id}", decision: ACCEPT, ifMatch: "W/\\"1\\"", reviewer: "Practitioner/x" }) { report { id } } }`,
    ];
    for (const query of queries) {
      const theirs = await ask(query(bob.studyInstanceUID, report.bob, theirWorkitem), headers);
      const nothing = await ask(query(newUid(), randomUUID(), noWorkitem), headers);
      expect([query('', '', ''), theirs]).toEqual([query('', '', ''), nothing]);
    }
  });

  it('is not followed: as what is not there yet', async () => {
    const headers = await token();
    const told = (uid: string) => heard(`subscription { studyProgress(studyInstanceUID: "${uid}") { stage } }`, headers);
    expect(await told(bob.studyInstanceUID)).toBe(await told(newUid()));
  });

  it('is in no list', async () => {
    const lists =
      '{ studies { edges { node { studyInstanceUID } } } reports { edges { node { id } } } readings { edges { node { id study { studyInstanceUID } } } } }';
    const text = JSON.stringify(await ask(lists, await token()));
    for (const name of [bob.studyInstanceUID, report.bob, bob.patientID, BOB]) expect(text).not.toContain(name);
  });
});

describe('What is one’s own', () => {
  it('is changed, and told, by who has the right to: of the patient whom the token is of', async () => {
    const headers = await headersOf('radiologist', { scope: 'patient/*.cruds', patient: ANN });
    const uid = ann.studyInstanceUID;
    for (const query of [
      `{ study(studyInstanceUID: "${uid}") { id } report(id: "${report.ann}") { id } }`,
      `mutation { annotateStudy(input: { studyInstanceUID: "${uid}", text: "x" }) { note { id } study { id } } }`,
      `mutation { annotateStudy(input: { reportId: "${report.ann}", text: "x" }) { note { id } report { id } } }`,
    ]) {
      const { data, errors } = await ask<Record<string, unknown>>(query, headers);
      expect([query, errors, JSON.stringify(data).includes('null')]).toEqual([query, undefined, false]);
    }
    expect(await heard(`subscription { studyProgress(studyInstanceUID: "${uid}") { stage } }`, headers)).toMatch(/"stage":"\w+"/);
  });

  it('is changed, and told: a study and a workitem, by who may see all of them', async () => {
    const headers = await headersOf('radiologist');
    const read = `mutation { requestReading(input: { studyInstanceUID: "${ann.studyInstanceUID}" }) { study { patientID } } }`;
    expect((await ask(read, headers)).data).toEqual({ requestReading: { study: { patientID: ann.patientID } } });
    const listed = '{ workitems(filter: { patientID: "P-*" }) { edges { node { workitemUID } } } }';
    expect((await ask(listed, headers)).data).toEqual({ workitems: { edges: [{ node: { workitemUID } }] } });
    const assigned = `mutation { assignWorkitem(input: { workitemId: "${workitemUID}", performer: { code: "x", meaning: "x", scheme: "99X" } }) { workitem { performers { code } } } }`;
    expect((await ask(assigned, headers)).data).toEqual({ assignWorkitem: { workitem: { performers: [{ code: 'x' }] } } });
    const claimed = `mutation { claimWorkitem(input: { workitemId: "${workitemUID}" }) { transactionUID workitem { state } } }`;
    expect((await ask(claimed, headers)).data).toEqual({
      claimWorkitem: { transactionUID: expect.stringMatching(/^2\.25\./), workitem: { state: 'IN_PROGRESS' } },
    });
  });
});
