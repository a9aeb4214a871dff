import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { patientResourceId } from '../../src/archive/fhir/patient.js';
import { aPhantom, idle, type PhantomInstance } from './phantoms.js';
import { StatementCounter } from './statement-counter.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, newDatabase, Wetread } from './wetread.js';

/** The graph, to tokens that open some of a type: what it shows of a report is what FHIR would. */
const STUDIES = 12;
const phantoms: PhantomInstance[] = [];
let counter: StatementCounter;
let wetread: Wetread;
let maker: TokenMaker;

const idOf = ({ patientID }: PhantomInstance): string => patientResourceId({ '00100020': { vr: 'LO', Value: [patientID] } }, '');

beforeAll(async () => {
  counter = await StatementCounter.before(await newDatabase());
  wetread = await Wetread.start({ AUTH: 'on', DATABASE_URL: counter.url });
  maker = await TokenMaker.of(wetread);
  const all = await maker.headers({ kind: 'system', roles: ['system'], scope: 'system/*.cruds' });
  for (let i = 0; i < STUDIES; i++) phantoms.push(aPhantom());
  await wetread.storeAs(all, ...phantoms.map(({ bytes }) => bytes));
  await eventually(async () => {
    const found = (await (await wetread.fetch('/fhir/DiagnosticReport?_summary=count', { headers: all })).json()) as Bundle;
    return found.total === STUDIES ? true : undefined;
  }, 'reports of all studies');
  await idle(wetread);
}, 60_000);
afterAll(async () => {
  await wetread.remove();
  counter.close();
});

interface Answer<T> {
  readonly data: T;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function asked<T>(query: string, token: TokenAsked): Promise<Answer<T>> {
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { ...(await maker.headers(token)), 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await answer.json()) as Answer<T>;
}

interface Listed {
  readonly reports: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly findings: readonly { readonly id: string }[] } }[];
  };
}
const FINDINGS = '{ reports(first: 100) { edges { node { id findings { id label verdict } } } } }';
const codesOf = ({ errors = [] }: Answer<unknown>): string[] => errors.map(({ extensions }) => extensions.code);

describe('Findings', () => {
  it('are shown to whom their Observations are open, and no others, whichever way they are asked for', async () => {
    const { data: whole } = await asked<Listed>(FINDINGS, { scope: 'user/*.rs' });
    const ids = whole.reports.edges.flatMap(({ node }) => node.findings.map(({ id }) => id));
    expect(ids.length).toBeGreaterThanOrEqual(STUDIES);
    const node = (id: string, token: TokenAsked) =>
      asked<{ node: object | null }>(`{ node(id: "${id}") { ... on Finding { label } } }`, token);
    expect((await node(ids[0], { scope: 'user/*.rs' })).data.node).toMatchObject({ label: expect.any(String) });

    const laboratory: TokenAsked = { scope: 'user/DiagnosticReport.rs user/Observation.rs?category=laboratory' };
    const { data: none } = await asked<Listed>(FINDINGS, laboratory);
    expect(none.reports.edges).toHaveLength(STUDIES);
    expect(none.reports.edges.flatMap(({ node: { findings } }) => findings)).toEqual([]);
    expect((await node(ids[0], laboratory)).data.node).toBeNull();

    const imaging: TokenAsked = { scope: 'user/DiagnosticReport.rs user/Observation.rs?category=imaging' };
    const { data: some } = await asked<Listed>(FINDINGS, imaging);
    expect(some.reports.edges.flatMap(({ node: { findings } }) => findings.map(({ id }) => id))).toEqual(ids);

    const own: TokenAsked = { scope: 'user/DiagnosticReport.rs patient/Observation.rs', patient: idOf(phantoms[0]) };
    const { data: one } = await asked<Listed>(FINDINGS, own);
    expect(one.reports.edges).toHaveLength(STUDIES);
    expect(one.reports.edges.filter(({ node: { findings } }) => findings.length > 0)).toHaveLength(1);
  });

  it('are not found out by filters either: those ask for all that they look through', async () => {
    const list = (filter: string) => `{ reports(filter: { ${filter} }) { edges { node { id } } } }`;
    for (const filter of ['verdict: PRESENT', 'refers: true', `patientID: "${phantoms[0].patientID}"`]) {
      expect(codesOf(await asked(list(filter), { scope: 'user/DiagnosticReport.rs' }))).toEqual(['not-permitted']);
      const narrow = 'user/DiagnosticReport.rs user/Observation.rs?category=imaging user/Patient.rs?gender=male';
      expect(codesOf(await asked(list(filter), { scope: narrow }))).toEqual(['not-permitted']);
      expect(codesOf(await asked(list(filter), { scope: 'user/*.rs' }))).toEqual([]);
    }
  });
});

describe('A reading', () => {
  it('says of which image and by which model it is, a report by which model', async () => {
    interface Said {
      readonly modelName: string;
      readonly modelVersion: string;
      readonly instance: object;
      readonly study: { readonly studyInstanceUID: string };
    }
    const { data } = await asked<Record<'readings' | 'reports', { readonly edges: readonly { readonly node: Said }[] }>>(
      `{ readings(first: 2) { edges { node { modelName modelVersion study { studyInstanceUID } instance { sopInstanceUID } } } }
         reports(first: 1) { edges { node { modelName modelVersion } } } }`,
      { scope: 'user/*.rs' },
    );
    const model = { modelName: 'chest-pneumonia', modelVersion: expect.any(String) };
    for (const { node } of data.readings.edges) {
      const { sopInstanceUID } = phantoms.find(({ studyInstanceUID }) => studyInstanceUID === node.study.studyInstanceUID) ?? {};
      expect(node).toMatchObject({ ...model, instance: { sopInstanceUID } });
    }
    expect(data.readings.edges).toHaveLength(2);
    expect(data.reports.edges[0].node).toMatchObject(model);
  });
});

describe('Statements', () => {
  const PAGE = '{ reports(first: 100) { edges { node { id etag findings { label } patient { id name } study { studyInstanceUID } } } } }';

  it.each([
    ['whole types', 'user/*.rs', 5],
    [
      'some of each',
      'user/DiagnosticReport.rs?category=RAD user/Observation.rs?category=imaging user/Patient.rs?_lastUpdated=gt2000 user/ImagingStudy.rs',
      8,
    ],
    ['one patient', 'patient/*.rs', 8],
  ])('are no more for twelve reports than for one, to a token that opens %s', async (_, scope, most) => {
    const { executed, answer } = await counter.least(() => asked(PAGE, { scope, patient: idOf(phantoms[0]) }));
    expect(answer.errors).toBeUndefined();
    // All of them, the records of looks too; docs/graphql.md says these numbers.
    expect(executed.length).toBeLessThanOrEqual(most);
  });
});

describe('The record of accesses', () => {
  it('is the auditor’s to ask of a study and a report that the auditor may not see', async () => {
    const [{ studyInstanceUID }] = phantoms;
    const { data: whole } = await asked<Listed>(FINDINGS, { scope: 'user/*.rs' });
    const auditor: TokenAsked = { roles: ['regulatory'], scope: 'user/*.rs' };
    for (const about of [`studyInstanceUID: "${studyInstanceUID}"`, `reportId: "${whole.reports.edges[0].node.id}"`]) {
      const query = `{ audit(${about}, first: 5) { edges { node { action } } } }`;
      const { data, errors } = await asked<{ audit: { edges: unknown[] } }>(query, auditor);
      expect(errors).toBeUndefined();
      expect(data.audit.edges.length).toBeGreaterThan(0);
      expect(codesOf(await asked(query, { roles: ['radiologist'], scope: 'user/*.rs' }))).toEqual(['not-permitted']);
    }
    expect(codesOf(await asked(`{ study(studyInstanceUID: "${studyInstanceUID}") { id } }`, auditor))).toEqual(['not-permitted']);
  });
});

describe('A note', () => {
  const noted = (token: TokenAsked, author?: string) =>
    asked<{ annotateStudy: { note: { author: string | null } } }>(
      `mutation { annotateStudy(input: { studyInstanceUID: "${phantoms[0].studyInstanceUID}", text: "seen"${author === undefined ? '' : `, author: "${author}"`} }) { note { author } } }`,
      token,
    );

  it('is in the name of whom the token is of, however that names them, and in nobody else’s', async () => {
    const whole: TokenAsked = { scope: 'user/*.cruds', claims: { fhirUser: `${wetread.url}/fhir/Practitioner/dr` } };
    expect((await noted(whole)).data.annotateStudy.note.author).toBe('Practitioner/dr');
    expect((await noted(whole, 'Practitioner/dr')).data.annotateStudy.note.author).toBe('Practitioner/dr');
    expect(codesOf(await noted(whole, 'Practitioner/other'))).toEqual(['bad-argument']);
    const nameless: TokenAsked = { scope: 'user/*.cruds', claims: { fhirUser: undefined } };
    expect((await noted(nameless)).data.annotateStudy.note.author).toBeNull();
    expect(codesOf(await noted(nameless, 'Practitioner/dr'))).toEqual(['bad-argument']);
  });
});
