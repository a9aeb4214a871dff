import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Observation } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorklistClient } from './a-workitem.js';
import { aPhantom, found, graph, idle, onRecord, reportOf, type PhantomInstance } from './phantoms.js';
import { BUNDLED, eventually, Wetread } from './wetread.js';

let wetread: Wetread;
let reviewer: string;
beforeAll(async () => {
  wetread = await Wetread.start({ EXECUTION_PROVIDERS: 'cpu' });
  const answer = await wetread.fetch('/fhir/Practitioner', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Practitioner', name: [{ family: 'Reader' }] }),
  });
  reviewer = `Practitioner/${((await answer.json()) as { id: string }).id}`;
});
afterAll(() => wetread.remove());

/** Runs a mutation of one field: its payload, or the code of its error. */
async function graphErrors(field: string, input: Record<string, unknown>) {
  const type = `${field[0].toUpperCase()}${field.slice(1)}Input`;
  const { errors = [] } = await graph(wetread, `mutation($input: ${type}!) { ${field}(input: $input) { clientMutationId } }`, { input });
  return errors;
}

async function mutate<T>(field: string, fields: string, input: Record<string, unknown>): Promise<{ payload?: T; code?: unknown }> {
  const type = `${field[0].toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await graph<Record<string, T> | null>(
    wetread,
    `mutation($input: ${type}!) { ${field}(input: $input) { clientMutationId ${fields} } }`,
    { input },
  );
  return errors ? { code: errors[0].extensions?.['code'] } : { payload: data?.[field] };
}

async function aReportedStudy(): Promise<PhantomInstance & { reportId: string }> {
  const phantom = aPhantom({ rows: 128, columns: 128 });
  await wetread.store(phantom.bytes);
  const { id = '' } = await reportOf(wetread, phantom.studyInstanceUID);
  expect(await idle(wetread)).toEqual([]);
  return { ...phantom, reportId: id };
}

describe('A report is reviewed', () => {
  const FIELDS = 'report { id status reviewed etag reviews { decision reviewer reason provenanceId } findings { verdict } }';

  it('once, by the version that was read', async () => {
    const { reportId } = await aReportedStudy();
    const input = { clientMutationId: 'm1', reportId, ifMatch: 'W/"1"', decision: 'ACCEPT', reviewer };
    expect(await mutate('reviewReport', FIELDS, { ...input, ifMatch: 'W/"7"' })).toEqual({ code: expect.stringMatching(/version/) });
    expect(await mutate('reviewReport', FIELDS, { ...input, ifMatch: '*' })).toEqual({ code: 'bad-argument' });
    expect(await mutate('reviewReport', FIELDS, { ...input, reviewer: undefined })).toEqual({ code: 'bad-argument' });
    expect(await mutate('reviewReport', FIELDS, { ...input, reviewer: 'Practitioner/nobody' })).toEqual({ code: 'reviewer-unknown' });
    expect(await mutate('reviewReport', FIELDS, { ...input, decision: 'REJECT' })).toEqual({ code: 'review-incomplete' });
    const { payload } = await mutate<Record<string, unknown>>('reviewReport', FIELDS, input);
    expect(payload).toMatchObject({
      clientMutationId: 'm1',
      report: {
        id: reportId,
        status: 'FINAL',
        etag: 'W/"2"',
        reviewed: expect.any(String),
        reviews: [{ decision: 'ACCEPT', reviewer, reason: null, provenanceId: expect.any(String) }],
      },
    });
    expect(await mutate('reviewReport', FIELDS, { ...input, ifMatch: 'W/"2"' })).toEqual({ code: 'review-impossible' });
    const keys = (await graph<{ signingKeys: unknown[] }>(wetread, '{ signingKeys { kid kty crv x alg } }')).data.signingKeys;
    expect(keys).toEqual([{ kid: expect.any(String), kty: 'OKP', crv: 'Ed25519', x: expect.any(String), alg: 'EdDSA' }]);
  });

  it('and amended: conclusion, findings, reason', async () => {
    const { reportId } = await aReportedStudy();
    const { data } = await graph<{ report: { findings: { system: string; code: string; verdict: string }[] } }>(
      wetread,
      'query($id: String!) { report(id: $id) { findings { system code verdict } } }',
      { id: reportId },
    );
    const [{ system, code, verdict }] = data.report.findings;
    const present = verdict !== 'PRESENT';
    const { payload } = await mutate<{ report: unknown }>('reviewReport', FIELDS, {
      reportId,
      ifMatch: '1',
      decision: 'AMEND',
      reviewer,
      reason: 'Overlap of ribs.',
      conclusion: 'As I see it.',
      findings: [{ system, code, present }],
    });
    expect(payload?.report).toMatchObject({
      status: 'AMENDED',
      reviews: [{ decision: 'AMEND', reason: 'Overlap of ribs.' }],
      findings: [{ verdict: present ? 'PRESENT' : 'ABSENT' }],
    });
  });
});

describe('A note', () => {
  const ANNOTATE = 'mutation($input: AnnotateStudyInput!) { annotateStudy(input: $input) { clientMutationId note { id } } }';

  it('of a study and of its report is kept as FHIR, and stands beside what it is of', async () => {
    const { studyInstanceUID, reportId } = await aReportedStudy();
    const fields = 'note { id text author } study { studyInstanceUID notes { text } } report { id notes { text author } }';
    const ofStudy = await mutate<Record<string, unknown>>('annotateStudy', fields, {
      clientMutationId: 'n',
      studyInstanceUID,
      text: 'Patient <moved> & coughed',
      author: reviewer,
    });
    expect(ofStudy.payload).toEqual({
      clientMutationId: 'n',
      note: { id: expect.any(String), text: 'Patient <moved> & coughed', author: reviewer },
      study: { studyInstanceUID, notes: [{ text: 'Patient <moved> & coughed' }] },
      report: null,
    });
    const { payload } = await mutate<Record<string, unknown>>('annotateStudy', fields, { reportId, text: 'Called the ward.' });
    expect(payload).toMatchObject({
      report: { id: reportId, notes: [{ text: 'Called the ward.', author: null }] },
      study: { notes: [{ text: 'Patient <moved> & coughed' }] },
    });
    const [kept] = await found<Observation>(wetread, `Observation?focus=DiagnosticReport/${reportId}&code=http://loinc.org%7C48767-8`);
    expect(kept).toMatchObject({
      status: 'final',
      valueString: 'Called the ward.',
      subject: { reference: expect.stringMatching(/^Patient\//) },
    });
    expect((await onRecord(wetread, 'resource.created')).map(({ entity }) => entity.id)).toContain(kept.id);
  });

  it('is made again by a mutation that is sent again: clientMutationId is an echo, no key', async () => {
    const { studyInstanceUID } = await aReportedStudy();
    const twice = { input: { clientMutationId: 'same', studyInstanceUID, text: 'Once more.' } };
    for (let i = 0; i < 2; i++)
      expect((await graph(wetread, ANNOTATE, twice)).data).toMatchObject({ annotateStudy: { clientMutationId: 'same' } });
    const { data } = await graph(wetread, 'query($uid: String!) { study(studyInstanceUID: $uid) { notes { text } } }', {
      uid: studyInstanceUID,
    });
    expect(data).toEqual({ study: { notes: [{ text: 'Once more.' }, { text: 'Once more.' }] } });
  });

  it('needs words, and something that it is of', async () => {
    const { studyInstanceUID } = await aReportedStudy();
    for (const text of ['', ' \n\t\u00a0', 'x'.repeat(10_001)]) {
      const { errors } = await graph(wetread, ANNOTATE, { input: { studyInstanceUID, text } });
      expect(errors).toMatchObject([{ message: expect.stringMatching(/argument text must have/), extensions: { code: 'bad-argument' } }]);
    }
    expect(await mutate('annotateStudy', 'note { id }', { text: 'x' })).toEqual({ code: 'bad-argument' });
    expect(await mutate('annotateStudy', 'note { id }', { studyInstanceUID: '1.2.3', text: 'x' })).toEqual({ code: 'study-absent' });
    expect(await mutate('annotateStudy', 'note { id }', { studyInstanceUID, text: 'x', author: 'Patient/1' })).toEqual({
      code: 'bad-argument',
    });
  });
});

describe('A workitem', () => {
  it('is assigned, then claimed by one', async () => {
    const worklist = new WorklistClient(wetread);
    const uid = await worklist.created();
    const { data } = await graph<{ workitems: { edges: { node: { id: string; workitemUID: string } }[] } }>(
      wetread,
      '{ workitems(last: 1) { edges { node { id workitemUID } } } }',
    );
    const [{ node }] = data.workitems.edges;
    expect(node.workitemUID).toBe(uid);
    const performer = { code: 'R1', scheme: '99HOSPITAL', meaning: 'Dr Reader', name: 'Reader^Ruth', organization: 'Clinic' };
    const [unfit] = await graphErrors('assignWorkitem', {
      workitemId: node.id,
      performer: { ...performer, code: 'R'.repeat(17), meaning: '' },
    });
    expect(unfit).toMatchObject({ extensions: { code: 'bad-request', status: 400 } });
    expect(unfit.message).toBe('The request is malformed: performer.code (maxLength); performer.meaning (isNotEmpty).');
    const assigned = await mutate<{ workitem: unknown }>(
      'assignWorkitem',
      'workitem { state performers { code scheme meaning name organization } }',
      { workitemId: node.id, performer },
    );
    expect(assigned.payload?.workitem).toEqual({ state: 'SCHEDULED', performers: [performer] });
    const found = await graph<{ workitems: { edges: unknown[] } }>(
      wetread,
      '{ workitems(filter: { performer: "R1" }) { edges { node { id } } } }',
    );
    expect(found.data.workitems.edges).toHaveLength(1);
    const claimed = await mutate<{ workitem: unknown; transactionUID: string }>('claimWorkitem', 'transactionUID workitem { state }', {
      workitemId: uid,
    });
    expect(claimed.payload).toMatchObject({ workitem: { state: 'IN_PROGRESS' }, transactionUID: expect.stringMatching(/^2\.25\.\d+$/) });
    expect(await mutate('claimWorkitem', 'transactionUID', { workitemId: uid })).toEqual({ code: 'workitem-in-progress' });
    expect(await mutate('assignWorkitem', 'workitem { id }', { workitemId: uid, performer })).toEqual({ code: 'wrong-transaction-uid' });
    expect((await worklist.state(uid, 'CANCELED', claimed.payload?.transactionUID)).status).toBe(409); // it is the key, but nothing was said of the end
    expect(await mutate('claimWorkitem', 'transactionUID', { workitemId: '1.2.3' })).toEqual({ code: 'workitem-absent' });
  });
});

describe('A model', () => {
  const card = JSON.parse(readFileSync(join(BUNDLED, 'chest-pneumonia/card.json'), 'utf8')) as Record<string, unknown> & {
    version: string;
  };
  /** The same graph in another file: with a doc_string (ModelProto 6). */
  const onnx = Buffer.concat([
    readFileSync(join(BUNDLED, 'chest-pneumonia', card.version, 'model.onnx')),
    Buffer.from([0x32, 6]),
    Buffer.from('second'),
  ]);
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  const second = { ...card, name: 'chest-second', version: '1', sha256 };
  const junk = Buffer.from('junk');
  const PART = 2 * 2 ** 20;

  async function uploaded(bytes: Buffer): Promise<string> {
    let uploadId: string | undefined;
    for (let offset = 0; offset < bytes.length; offset += PART) {
      const part = { uploadId, offset, data: bytes.subarray(offset, offset + PART).toString('base64') };
      const { payload } = await mutate<{ uploadId: string; received: number }>('uploadModelPart', 'uploadId received', part);
      expect(payload?.received).toBe(Math.min(bytes.length, offset + PART));
      uploadId = payload?.uploadId;
    }
    return uploadId ?? '';
  }

  it('comes in parts, is taken up without a restart, and reads what it is asked to; nobody else’s work is done again', async () => {
    const { studyInstanceUID, reportId } = await aReportedStudy();
    const uploadId = await uploaded(onnx);
    const { payload } = await mutate<Record<string, unknown>>('uploadModel', 'running model { name version sha256 provider }', {
      clientMutationId: 'u',
      card: JSON.stringify(second),
      uploadId,
    });
    expect(payload).toEqual({
      clientMutationId: 'u',
      running: true,
      model: { name: 'chest-second', version: '1', sha256, provider: 'cpu' },
    });
    expect(await mutate('requestReading', 'study { studyInstanceUID }', { studyInstanceUID, model: 'chest-second' })).toEqual({
      payload: { clientMutationId: null, study: { studyInstanceUID } },
    });
    const reports = await eventually(async () => {
      const { data } = await graph<{ study: { reports: { id: string; version: number; model: { name: string } }[] } }>(
        wetread,
        'query($uid: String!) { study(studyInstanceUID: $uid) { reports { id version model { name } } } }',
        { uid: studyInstanceUID },
      );
      return data.study.reports.length === 2 ? data.study.reports : undefined;
    }, 'report of the second model');
    expect(reports.map(({ model }) => model.name).sort()).toEqual(['chest-pneumonia', 'chest-second']);
    expect(reports.find(({ id }) => id === reportId)?.version).toBe(1);
    expect(await onRecord(wetread, 'model.uploaded')).toMatchObject([
      { entity: { type: 'model', id: 'chest-second' }, changes: { version: '1' } },
    ]);
    expect(await onRecord(wetread, 'reading.requested')).toHaveLength(1);
    expect(await mutate('uploadModel', 'running', { card: JSON.stringify(second), onnx: 'AAAA' })).toEqual({ code: 'model-exists' });
    await wetread.stop();
    await wetread.launch();
    const { data } = await graph<{ models: { name: string }[] }>(wetread, '{ models { name } }');
    expect(data.models.map(({ name }) => name)).toEqual(['chest-pneumonia', 'chest-second']);
  });

  it('of another version takes the place of the one before, which stays where it is; of two that bring it at once, one does', async () => {
    const third = Buffer.concat([onnx, Buffer.from([0x32, 5]), Buffer.from('third')]);
    const next = { ...second, version: '2', sha256: createHash('sha256').update(third).digest('hex') };
    const uploads = [await uploaded(third), await uploaded(third)];
    const answers = await Promise.all(
      uploads.map((uploadId) => mutate<{ running: boolean }>('uploadModel', 'running', { card: JSON.stringify(next), uploadId })),
    );
    expect(answers.map(({ code, payload }) => code ?? payload?.running).sort()).toEqual(['model-exists', true].sort());
    const { data } = await graph<{ models: { name: string; version: string }[] }>(wetread, '{ models { name version } }');
    expect(data.models.map(({ name, version }) => `${name}/${version}`)).toEqual([`chest-pneumonia/${card.version}`, 'chest-second/2']);
    const folder = String(wetread.settings['MODELS']);
    expect(readdirSync(join(folder, 'chest-second')).sort()).toEqual(['1', '2', 'card.json']);
    expect(readdirSync(folder).sort()).toEqual(['chest-pneumonia', 'chest-second']);
  });

  it.each([
    ['whose file is another', { ...second, version: '3' }, Buffer.from('another'), 'model-hash-mismatch'],
    ['that is no ONNX', { ...second, version: '3', sha256: createHash('sha256').update(junk).digest('hex') }, junk, 'model-unsafe'],
    ['whose name leads elsewhere', { ...second, name: '../chest' }, Buffer.from('x'), 'invalid-model-card'],
    ['whose version leads elsewhere', { ...second, version: '../../x' }, Buffer.from('x'), 'invalid-model-card'],
  ])('%s is refused, and nothing of it stays', async (_, other, bytes, code) => {
    expect(await mutate('uploadModel', 'running', { card: JSON.stringify(other), onnx: bytes.toString('base64') })).toEqual({ code });
    expect((await graph<{ models: unknown[] }>(wetread, '{ models { name } }')).data.models).toHaveLength(2);
  });

  it('may not leave a gap, and an upload that is none is none', async () => {
    const data = Buffer.from('ab').toString('base64');
    expect(await mutate('uploadModelPart', 'received', { offset: 5, data })).toEqual({ code: 'upload-gap' });
    expect(await mutate('uploadModelPart', 'received', { uploadId: '../../etc/passwd', data })).toEqual({ code: 'upload-absent' });
    expect(await mutate('uploadModelPart', 'received', { data: 'not base64!' })).toEqual({ code: 'bad-argument' });
    expect(await mutate('uploadModel', 'running', { card: '{}' })).toEqual({ code: 'bad-argument' });
    expect(await mutate('requestReading', 'study { id }', { studyInstanceUID: '1.2.3' })).toEqual({ code: 'study-absent' });
    expect(await mutate('requestReading', 'study { id }', { studyInstanceUID: '1.2.3', model: 'none' })).toEqual({ code: 'model-absent' });
  });
});
