import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptReport } from '../../client/examples/review-report.js';
import { WetreadClient } from '../../client/src/client.js';
import { aWorkitem } from './a-workitem.js';
import { newUid } from './instances.js';
import { aPhantom, idle, onRecord, type PhantomInstance } from './phantoms.js';
import { TokenMaker, type TokenAsked } from './tokens.js';
import { eventually, Wetread } from './wetread.js';

/** A right that is missing takes away what it is for, and nothing beside it; least of all word of what was done. */
let wetread: Wetread;
let maker: TokenMaker;
const phantoms: readonly PhantomInstance[] = [aPhantom(), aPhantom()];
const [phantom] = phantoms;
const ALL: TokenAsked = { roles: ['system'], kind: 'system', scope: 'system/*.cruds' };

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  maker = await TokenMaker.of(wetread);
  await wetread.storeAs(await maker.headers(ALL), ...phantoms.map(({ bytes }) => bytes));
  await eventually(async () => {
    const { data } = await asked<{ reports: { edges: unknown[] } }>('{ reports { edges { node { id } } } }', ALL);
    return data?.reports.edges.length === phantoms.length ? true : undefined;
  }, 'reports');
  await idle(wetread);
}, 60_000);
afterAll(() => wetread.remove());

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly path?: readonly unknown[]; readonly extensions: { readonly code: string } }[];
}

async function asked<T = unknown>(query: string, token: TokenAsked, variables: object = {}): Promise<Answer<T>> {
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { ...(await maker.headers(token)), 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as Answer<T>;
}
const codesOf = ({ errors = [] }: Answer<unknown>): string[] => errors.map(({ extensions }) => extensions.code);

async function workitem(): Promise<string> {
  const uid = newUid();
  const answer = await wetread.fetch(`/dicom-web/workitems?${uid}`, {
    method: 'POST',
    headers: { ...(await maker.headers(ALL)), 'content-type': 'application/dicom+json' },
    body: JSON.stringify([aWorkitem()]),
  });
  expect(answer.status).toBe(201);
  return uid;
}

describe('A list whose things have fields that the caller has no right to', () => {
  it('is given without them, and what stands beside it too', async () => {
    const answer = await asked('{ reports(first: 5) { edges { node { id conclusion findings { label } } } } signingKeys { kid } }', {
      scope: 'user/DiagnosticReport.rs',
    });
    expect(answer.data).toMatchObject({
      reports: { edges: phantoms.map(() => ({ node: { conclusion: expect.any(String), findings: null } })) },
      signingKeys: expect.any(Array),
    });
    expect(codesOf(answer)).toEqual(phantoms.map(() => 'not-permitted'));
  });

  it('is null alone where all of it needs the right', async () => {
    const answer = await asked('{ studies { edges { node { id } } } reports(first: 1) { edges { node { id } } } }', {
      scope: 'user/DiagnosticReport.rs',
    });
    expect(answer.data).toMatchObject({ studies: null, reports: { edges: [{ node: { id: expect.any(String) } }] } });
  });

  it('of nodes is null where the node is, by its id too', async () => {
    const { data } = await asked<{ study: { id: string; reports: { id: string }[] } }>(
      `{ study(studyInstanceUID: "${phantom.studyInstanceUID}") { id reports { id } } }`,
      ALL,
    );
    const [study, report] = [data?.study.id, data?.study.reports[0].id];
    const answer = await asked(`{ nodes(ids: ["${study}", "${report}"]) { id } }`, { scope: 'user/DiagnosticReport.rs' });
    expect(answer).toMatchObject({ data: { nodes: [null, { id: report }] }, errors: [{ path: ['nodes', 0] }] });
  });
});

describe('Readings', () => {
  it('are refused to whom studies are not open, rather than none', async () => {
    const scope = 'user/DiagnosticReport.rs user/Observation.rs?category=imaging';
    const answer = await asked(
      '{ reports(first: 1) { edges { node { findings { label } readings { id } } } } readings { edges { node { id } } } }',
      {
        scope,
      },
    );
    expect(answer.data).toMatchObject({
      reports: { edges: [{ node: { findings: [{ label: expect.any(String) }], readings: null } }] },
      readings: null,
    });
    expect(codesOf(answer)).toEqual(['not-permitted', 'not-permitted']);
    const whole = await asked<{ readings: { edges: { node: { id: string } }[] } }>('{ readings { edges { node { id } } } }', ALL);
    const id = whole.data?.readings.edges[0].node.id;
    expect(codesOf(await asked(`{ node(id: "${id}") { id } }`, { scope }))).toEqual(['not-permitted']);
    const both = await asked('{ reports(first: 1) { edges { node { readings { state } } } } }', {
      scope: 'user/DiagnosticReport.rs user/Observation.rs user/ImagingStudy.rs',
    });
    expect(both.data).toMatchObject({ reports: { edges: [{ node: { readings: [{ state: 'READ' }] } }] } });
  });
});

describe('Who changes something is told of it, whatever they may not read', () => {
  it('a workitem that is claimed without the right to read it brings the key to it', async () => {
    const answer = await asked<{ claimWorkitem: { transactionUID: string; workitem: null } }>(
      `mutation { claimWorkitem(input: { workitemId: "${await workitem()}" }) { transactionUID workitem { state } } }`,
      { scope: 'user/Task.u' },
    );
    expect(answer.data?.claimWorkitem).toEqual({ transactionUID: expect.stringMatching(/^2\.25\./), workitem: null });
    expect(answer.errors).toMatchObject([{ path: ['claimWorkitem', 'workitem'], extensions: { code: 'not-permitted' } }]);
  });

  it('what one mutation did stays told where another of the document fails', async () => {
    const uid = await workitem();
    const twice = await asked(
      `mutation { claimWorkitem(input: { workitemId: "${uid}" }) { transactionUID } again: claimWorkitem(input: { workitemId: "${uid}" }) { transactionUID } }`,
      { scope: 'user/*.cruds' },
    );
    expect(twice.data).toEqual({ claimWorkitem: { transactionUID: expect.stringMatching(/^2\.25\./) }, again: null });
    const parts = await asked(
      'mutation { uploadModelPart(input: { data: "AAAA" }) { uploadId } again: uploadModelPart(input: { uploadId: "none", data: "AAAA" }) { uploadId } }',
      { roles: ['model-admin'], scope: 'user/*.cruds' },
    );
    expect(parts.data).toEqual({ uploadModelPart: { uploadId: expect.any(String) }, again: null });
  });

  it('a note that is made without the right to look for notes is told', async () => {
    const answer = await asked(
      `mutation { annotateStudy(input: { studyInstanceUID: "${phantom.studyInstanceUID}", text: "seen" }) { note { id text } study { studyInstanceUID notes { id } } } }`,
      { scope: 'user/Observation.c user/ImagingStudy.r' },
    );
    expect(answer.data).toEqual({
      annotateStudy: {
        note: { id: expect.any(String), text: 'seen' },
        study: { studyInstanceUID: phantom.studyInstanceUID, notes: null },
      },
    });
    expect(codesOf(answer)).toEqual(['not-permitted']);
  });

  it('a study is not read again for somebody who may not see it', async () => {
    const query = `mutation { requestReading(input: { studyInstanceUID: "${phantom.studyInstanceUID}" }) { clientMutationId } }`;
    expect(codesOf(await asked(query, { scope: 'user/Task.c' }))).toEqual(['not-permitted']);
    expect(await onRecord(wetread, 'reading.requested')).toEqual([]);
  });

  it('the docs’ example signs a report with no more rights than to read studies, and to read and review reports', async () => {
    const made = await wetread.fetch('/fhir/Practitioner', {
      method: 'POST',
      headers: { ...(await maker.headers(ALL)), 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Practitioner', name: [{ family: 'Reader' }] }),
    });
    const reviewer = `Practitioner/${((await made.json()) as { id: string }).id}`;
    const token = await maker.token({
      scope: 'user/DiagnosticReport.rus user/ImagingStudy.rs',
      claims: { fhirUser: `${wetread.url}/fhir/${reviewer}` },
    });
    const client = new WetreadClient({ url: wetread.url, token: () => token });
    expect(await acceptReport(client, phantom.studyInstanceUID, reviewer)).toBe('FINAL');
  });
});
