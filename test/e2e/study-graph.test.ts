import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalText } from '../../src/signing/canonical.js';
import { anIntendedUse, aProtocol, Cast, sha256Of, type Person } from './a-study.js';
import { CHEST as MODEL, datasetBody, noise } from './chest-study.js';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}
type Given<T = Record<string, unknown>> = Readonly<Record<string, T | null>>;

const CASES = 6;
let wetread: Wetread;
let cast: Cast;
let lead: Person;
let investigator: Person;
let statistician: Person;
let regulatory: Person;
let manager: Person;
let truther: Person;
let readers: Person[];
let study: string;
let dataset: { id: string; manifestSha256: string };
let intendedUse: { id: string; version: number; sha256: string };

async function ask<T = Given>({ headers }: Person, query: string, variables: object = {}): Promise<Answer<T>> {
  const answer = await wetread.fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as Answer<T>;
}
const codesOf = ({ errors = [] }: Answer<unknown>): string[] => errors.map(({ extensions }) => extensions.code);

/** A mutation by its name, and what is asked of its payload: that, or the code of why not. */
async function change<T = unknown>(person: Person, name: string, input: object, asked = 'clientMutationId'): Promise<T | string> {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Input`;
  const answer = await ask<Given<T>>(person, `mutation ($input: ${type}!) { ${name}(input: $input) { ${asked} } }`, { input });
  return answer.data?.[name] ?? codesOf(answer).join();
}
const inStudy = <T = unknown>(person: Person, name: string, input: object = {}, asked?: string) =>
  change<T>(person, name, { study, ...input }, asked);
const step = (person: Person, state: string) => inStudy(person, 'takeStudyStep', { state, reason: 'as planned' }, 'study { state }');
const look = async <T>(asked: string, person = lead) =>
  ask<{ validationStudy: T }>(person, `query ($id: ID!) { validationStudy(id: $id) { ${asked} } }`, { id: study });
const sign = (person: Person, entityType: string, recordSha256: string, password = person.password) =>
  inStudy(
    person,
    'signStudy',
    { entityType, version: 1, recordSha256, meaning: 'APPROVAL', password },
    'signature { printedName authentication }',
  );
const protocol = (said: object = {}) =>
  aProtocol({
    model: MODEL,
    intendedUse,
    population: { description: 'Chests', inclusion: ['frontal'], exclusion: [], dataset: { id: dataset.id, manifestSha256: dataset.manifestSha256 } },
    ...said,
  }); // prettier-ignore

beforeAll(async () => {
  wetread = await Wetread.start({ AUTH: 'on' });
  cast = await Cast.of(wetread);
  lead = await cast.person('Lena Lead', 'validation-lead');
  investigator = await cast.person('Ines Investigator', 'study-member');
  statistician = await cast.person('Stan Statistician', 'study-member');
  regulatory = await cast.person('Rita Regulatory', 'regulatory');
  manager = await cast.person('Dora Manager', 'study-member');
  truther = await cast.person('Tom Truther', 'study-member');
  readers = [await cast.person('Reader One', 'study-member'), await cast.person('Reader Two', 'study-member')];
  const chests = Array.from({ length: CASES }, () =>
    aChestXray({ Rows: 64, Columns: 64, InstitutionName: 'St. Elsewhere' }, { pixelData: noise(64 * 64) }),
  );
  const sender = await cast.person('Rad Iologist', 'radiologist');
  await wetread.storeAs(sender.headers, ...chests.map(({ bytes }) => bytes));
});
afterAll(() => wetread.remove());

describe('A study by the graph alone', () => {
  it('has a dataset, which is looked at while it is made', async () => {
    expect(await change(lead, 'beginDataset', { dataset: '{"name":' })).toBe('bad-argument');
    expect(await change(lead, 'beginDataset', { dataset: JSON.stringify({ ...datasetBody(), seed: -1 }) })).toBe('bad-argument');
    expect(await change(manager, 'beginDataset', { dataset: JSON.stringify(datasetBody()) })).toBe('not-permitted');
    const asked = 'id state name purpose cases manifestSha256 details done of code';
    const begun = await change<{ dataset: { id: string; state: string } }>(
      lead,
      'beginDataset',
      { dataset: JSON.stringify(datasetBody()) },
      `dataset { ${asked} }`,
    );
    expect(begun).toMatchObject({ dataset: { state: 'MAKING', name: null } });
    const { id } = (begun as { dataset: { id: string } }).dataset;
    dataset = await eventually(async () => {
      const { data } = await ask<Given<typeof dataset & { state: string }>>(lead, `{ validationDataset(id: "${id}") { ${asked} } }`);
      return data?.['validationDataset']?.state === 'MAKING' ? undefined : (data?.['validationDataset'] ?? undefined);
    }, 'a dataset');
    expect(dataset).toMatchObject({ id, state: 'FROZEN', name: 'six chests', purpose: 'TEST', cases: CASES, code: null });
    const list = await ask(lead, '{ validationDatasets(first: 5) { edges { node { id cases } } pageInfo { hasNextPage } } }');
    expect(list.data).toEqual({
      validationDatasets: { edges: [{ node: { id, cases: CASES } }], pageInfo: { hasNextPage: false } },
    });
    const none = await ask(lead, '{ a: validationDataset(id: "x") { id } b: validationStudy(id: "x") { id } }');
    expect(none).toEqual({ data: { a: null, b: null } });
  });

  it('is for a use that is signed, by who is asked again who they are', async () => {
    await cast.ask(regulatory, 'POST', '/evidence/records/model-card', { content: { name: MODEL.name, version: MODEL.version } });
    const added = await change<{ record: typeof intendedUse }>(
      regulatory,
      'addRegulatoryRecord',
      { type: 'INTENDED_USE', content: JSON.stringify(anIntendedUse()) },
      'record { id version sha256 }',
    );
    intendedUse = (added as { record: typeof intendedUse }).record;
    const give = (person: Person, recordSha256: string, password = person.password) =>
      change(
        person,
        'signRegulatoryRecord',
        { type: 'INTENDED_USE', id: intendedUse.id, version: 1, recordSha256, meaning: 'RESPONSIBILITY', password },
        'signature { printedName entityType version }',
      );
    expect(await give(manager, intendedUse.sha256)).toBe('not-permitted');
    expect(await give(regulatory, 'f'.repeat(64))).toBe('digest-wrong');
    expect(await give(regulatory, intendedUse.sha256, 'another')).toBe('wrong-credentials');
    expect(await give(regulatory, intendedUse.sha256)).toEqual({
      signature: { printedName: 'Rita Regulatory', entityType: 'regulatory-record', version: 1 },
    });
  });

  it('is made by who plans studies, gets its people, and is found in the list', async () => {
    expect(await change(statistician, 'createValidationStudy', { title: 'x' })).toBe('not-permitted');
    expect(await change(lead, 'createValidationStudy', { title: ' ' })).toBe('bad-argument');
    const created = await change<{ study: { id: string } }>(
      lead,
      'createValidationStudy',
      { title: 'Chest', clientMutationId: 'm' },
      'clientMutationId study { id state run { id } freeze { sha256 } dataset { id } packages { number } steps { number state } }',
    );
    expect(created).toMatchObject({
      clientMutationId: 'm',
      study: { state: 'DRAFT', run: null, freeze: null, dataset: null, packages: [], steps: [{ number: 1, state: 'DRAFT' }] },
    });
    study = (created as { study: { id: string } }).study.id;
    const give = (person: Person, role: string) =>
      inStudy(lead, 'addStudyMember', { person: person.id, role, qualification: '', simulated: role === 'READER' }, 'member { key role }');
    const parts = [
      [investigator, 'INVESTIGATOR'],
      [statistician, 'STATISTICIAN'],
      [regulatory, 'REGULATORY'],
      [manager, 'DATA_MANAGER'],
      [truther, 'TRUTHER'],
      [readers[0], 'READER'],
      [readers[1], 'READER'],
    ] as const;
    for (const [person, role] of parts) expect(await give(person, role)).toMatchObject({ member: { role } });
    expect(await give(lead, 'INVESTIGATOR')).toBe('own-part');
    expect(await give(readers[0], 'TRUTHER')).toBe('one-part');
    expect(await give({ ...lead, id: 'nobody' }, 'READER')).toBe('bad-argument');
    await change(lead, 'createValidationStudy', { title: 'Later' });
    interface List {
      validationStudies: { edges: { cursor: string; node: { id: string; title: string } }[]; pageInfo: { hasNextPage: boolean } };
    }
    const page = async (given: string) =>
      (await ask<List>(manager, `{ validationStudies(${given}) { edges { cursor node { id title state } } pageInfo { hasNextPage } } }`))
        .data?.validationStudies;
    const first = await page('first: 1');
    expect(first).toMatchObject({ edges: [{ node: { title: 'Later' } }], pageInfo: { hasNextPage: true } });
    expect(await page(`after: "${first?.edges[0].cursor}"`)).toMatchObject({ edges: [{ node: { id: study, state: 'DRAFT' } }] });
    expect(await page('last: 1')).toMatchObject({ edges: [{ node: { id: study } }] });
    const elsewhere = await cast.person('Radi Reader', 'radiologist');
    expect(codesOf(await ask(elsewhere, '{ validationStudies { edges { node { id } } } }'))).toEqual(['not-permitted']);
  });

  it('is locked by three signatures of its canonical text', async () => {
    const write = (text: string, kind = 'PROTOCOL') =>
      inStudy<{ protocol: { sha256: string } }>(
        lead,
        'writeProtocol',
        { protocol: text, kind, reason: 'first' },
        'protocol { version kind sha256 signed content }',
      );
    expect(await write('{')).toBe('bad-argument');
    expect(await write('{"title":"x"}')).toBe('protocol-malformed');
    const content = canonicalText(protocol());
    const written = await write(JSON.stringify(protocol()));
    expect(written).toEqual({ protocol: { version: 1, kind: 'PROTOCOL', sha256: sha256Of(content), signed: false, content } });
    expect(await step(investigator, 'LOCKED')).toBe('protocol-unsigned');
    expect(await sign(investigator, 'PROTOCOL', sha256Of(content), 'not the password')).toBe('wrong-credentials');
    expect(await sign(manager, 'PROTOCOL', sha256Of(content))).toBe('not-your-part');
    for (const person of [investigator, statistician, regulatory])
      expect(await sign(person, 'PROTOCOL', sha256Of(content))).toEqual({
        signature: { printedName: person.name, authentication: ['pwd'] },
      });
    expect(await step(investigator, 'LOCKED')).toEqual({ study: { state: 'LOCKED' } });
    expect(await write(JSON.stringify(protocol()))).toBe('protocol-locked');
    const seen = await look<object>('protocols { signed } members { key person } signatures { meaning entityType } dataset { id }');
    expect(seen.data?.validationStudy).toMatchObject({
      protocols: [{ signed: true }],
      signatures: [1, 2, 3].map(() => ({ meaning: 'APPROVAL', entityType: 'protocol' })),
      dataset: { id: dataset.id },
    });
  });

  it('takes its truth, of a truther and of a table, and freezes it', async () => {
    const label = (person: Person, given: object) => inStudy(person, 'labelCase', { caseKey: 'C0001', method: 'panel', adjudicates: false, ...given }, 'caseKey');
    expect(await label(truther, {})).toBe('bad-argument');
    expect(await label(truther, { label: 2 })).toBe('bad-argument');
    expect(await label(truther, { label: 1, caseKey: 'C9999' })).toBe('case-absent');
    expect(await label(readers[0], { label: 1 })).toBe('not-your-part');
    expect(await label(truther, { label: 0 })).toEqual({ caseKey: 'C0001' });
    const csv = `case_id,label,method\n${Array.from({ length: CASES - 1 }, (_, i) => `C000${i + 2},${(i + 1) % 2},follow-up`).join('\n')}\n`;
    expect(await inStudy(manager, 'freezeReference')).toBe('truth-open');
    expect(await inStudy(manager, 'importLabels', { csv }, 'rows')).toEqual({ rows: CASES - 1 });
    expect(await inStudy(manager, 'freezeReference', {}, 'reference { cases }')).toEqual({ reference: { cases: CASES } });
    expect(await inStudy(manager, 'importLabels', { csv }, 'rows')).toBe('reference-frozen');
  }); // prettier-ignore

  it('has readers and the model read, and tells nothing of results before they may be known', async () => {
    expect(await step(investigator, 'RUNNING')).toEqual({ study: { state: 'RUNNING' } });
    expect(await inStudy(readers[0], 'startRun')).toBe('not-your-part');
    expect(await inStudy(manager, 'startRun', {}, 'run { modelName progress { total } }')).toEqual({
      run: { modelName: MODEL.name, progress: { total: CASES } },
    });
    const asked =
      'run { halted { code } progress { done failed percent casesPerSecond { overall } secondsLeft { estimate } } } progress { predicted }';
    type Run = { run: { progress: { done: number } }; progress: { predicted: number } };
    const run = await eventually(async () => {
      const { data } = await look<Run>(asked);
      return data?.validationStudy.progress.predicted === CASES ? data.validationStudy : undefined; // looked at before the run is
    }, 'a run');
    expect(run).toMatchObject({ run: { halted: null, progress: { failed: 0, percent: 100 } }, progress: { predicted: CASES } });
    const early = await look('title analyses { result }');
    expect([early.data?.validationStudy, codesOf(early)]).toEqual([{ title: 'Chest', analyses: null }, ['still-blinded']]);
    expect(await inStudy(statistician, 'analyseStudy')).toBe('still-blinded');
    expect(await inStudy(manager, 'freezeStudy')).toBe('readings-incomplete');
    const open = (person: Person) =>
      inStudy<{ case: { caseKey: string; arm: string; shown: string | null; imageAddress: string } | null }>(
        person,
        'openCase',
        {},
        'case { caseKey arm place left shown imageAddress }',
      );
    expect(await open(manager)).toBe('not-your-part');
    for (const person of readers)
      for (;;) {
        const opened = await open(person);
        if (typeof opened === 'string') throw new Error(opened);
        if (opened.case === null) break;
        const { caseKey, arm, shown, imageAddress } = opened.case;
        expect(shown === null).toBe(arm === 'UNAIDED');
        expect((await wetread.fetch(imageAddress, { headers: person.headers })).status).toBe(200);
        const said = { caseKey, arm, status: 'READ', rating: 3, clinicalAction: 0, marks: [{ x: 3, y: 4.5, rating: 2 }] };
        expect(await inStudy(person, 'submitReading', { ...said, rating: 9 })).toBe('reading-incomplete');
        expect(await inStudy(person, 'submitReading', { ...said, clinicalAction: 2 })).toBe('bad-argument');
        expect(await inStudy(person, 'submitReading', { ...said, marks: [{ x: -1, y: 0, rating: 0 }] })).toBe('bad-argument');
        expect(await inStudy(person, 'submitReading', said, 'caseKey')).toEqual({ caseKey });
        expect(await inStudy(person, 'submitReading', said)).toBe('read-already');
      }
  }, 120_000);

  it('is unblinded by two signatures of what is frozen, and has its results', async () => {
    const frozen = await inStudy<{ freeze: { sha256: string; content: string } }>(manager, 'freezeStudy', {}, 'freeze { sha256 content }');
    const { freeze } = frozen as { freeze: { sha256: string; content: string } };
    expect(freeze.sha256).toBe(sha256Of(freeze.content));
    expect((await look('freeze { sha256 }')).data?.validationStudy).toEqual({ freeze: { sha256: freeze.sha256 } });
    expect(await step(statistician, 'UNBLINDED')).toBe('unblinding-unsigned');
    for (const person of [investigator, statistician])
      expect(await sign(person, 'FREEZE', freeze.sha256)).toMatchObject({ signature: { printedName: person.name } });
    expect(await step(statistician, 'UNBLINDED')).toEqual({ study: { state: 'UNBLINDED' } });
    type Analysed = { analysis: { result: string; sha256: string } };
    const asked = 'analysis { number kind result sha256 plan }';
    const primary = (await inStudy<Analysed>(statistician, 'analyseStudy', {}, asked)) as Analysed;
    expect(primary).toMatchObject({ analysis: { number: 1, kind: 'PRIMARY', sha256: sha256Of(primary.analysis.result) } });
    const { endpoints } = JSON.parse(primary.analysis.result) as { endpoints: { id: string }[] };
    expect(endpoints.map(({ id }) => id)).toEqual(['P1', 'S1', 'S2']);
    expect(await inStudy(statistician, 'analyseStudy', {}, asked)).toBe('primary-once');
    expect(await inStudy(statistician, 'analyseStudy', { plan: '{}' }, asked)).toBe('bad-argument');
    const plan = JSON.stringify({ ...protocol().plan, endpoints: [{ id: 'X1', kind: 'accuracy' }] });
    expect(await inStudy(statistician, 'analyseStudy', { plan }, asked)).toMatchObject({ analysis: { number: 2, kind: 'POST_HOC' } });
    const seen = await look('analyses { number sha256 } progress { analyses frozen }', manager);
    expect(seen.data?.validationStudy).toMatchObject({
      analyses: [{ number: 1, sha256: primary.analysis.sha256 }, { number: 2 }],
      progress: { analyses: 2, frozen: true },
    });
    expect(await sign(investigator, 'ANALYSIS', primary.analysis.sha256)).toMatchObject({ signature: {} });
    expect(await step(investigator, 'CLOSED')).toEqual({ study: { state: 'CLOSED' } });
  });

  it('tells where its package is, once it was sealed', async () => {
    const { status } = await wetread.fetch(`/evidence/studies/${study}/package`, { headers: lead.headers });
    expect(status).toBe(200);
    const seen = await look<{ packages: { address: string }[] }>('packages { number tagSha512 address }');
    expect(seen.data?.validationStudy.packages).toEqual([
      { number: 1, tagSha512: expect.stringMatching(/^[0-9a-f]{128}$/), address: `/evidence/studies/${study}/package` },
    ]);
  });
});
