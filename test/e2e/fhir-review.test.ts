import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import type { Coding, DiagnosticReport, Observation, OperationOutcome, Provenance } from 'fhir/r4.js';
import type { JSONWebKeySet } from 'jose';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SignedContent } from '../../src/reporting/review/review-provenance.js';
import { aPhantom, found, idle, onRecord, reportOf } from './phantoms.js';
import { jwsOf, verified } from './signatures.js';
import { Wetread } from './wetread.js';

const FHIR_JSON = 'application/fhir+json';
let wetread: Wetread;
let reviewer: string;
let clinic: string;
beforeAll(async () => {
  wetread = await Wetread.start();
  reviewer = await created({ resourceType: 'Practitioner', name: [{ family: 'Reader' }] });
  clinic = await created({ resourceType: 'Organization', name: 'Clinic' });
});
afterAll(() => wetread.remove());

const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
  wetread.fetch(`/fhir/${path}`, { method, headers: { 'content-type': FHIR_JSON, ...headers }, body: body && JSON.stringify(body) });
const json = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
const get = async <T>(path: string): Promise<T> => json(await wetread.fetch(`/fhir/${path}`));
async function created(resource: { resourceType: string } & Record<string, unknown>): Promise<string> {
  const { id } = await json<{ id: string }>(await send('POST', resource.resourceType, resource));
  return `${resource.resourceType}/${id}`;
}

type Parameter = Record<string, unknown> & { name: string };
const said = {
  decision: (valueCode: string): Parameter => ({ name: 'decision', valueCode }),
  by: (reference = reviewer): Parameter => ({ name: 'reviewer', valueReference: { reference } }),
  for: (): Parameter => ({ name: 'organization', valueReference: { reference: clinic } }),
  reason: (valueString = 'Overlap of ribs.'): Parameter => ({ name: 'reason', valueString }),
  conclusion: (valueString = 'No pneumonia.'): Parameter => ({ name: 'conclusion', valueString }),
  finding: (valueCoding: Coding, present: boolean): Parameter => ({
    name: 'finding',
    part: [
      { name: 'code', valueCoding },
      { name: 'present', valueBoolean: present },
    ],
  }),
};
const review = (id: string | undefined, version: string, ...parameter: Parameter[]): Promise<Response> =>
  send('POST', `DiagnosticReport/${id}/$review`, { resourceType: 'Parameters', parameter }, { 'if-match': `W/"${version}"` });

async function aReport(): Promise<DiagnosticReport> {
  const phantom = aPhantom();
  await wetread.store(phantom.bytes);
  const report = await reportOf(wetread, phantom.studyInstanceUID);
  expect(await idle(wetread)).toEqual([]);
  return report;
}
const resultsOf = (report: DiagnosticReport) =>
  Promise.all((report.result ?? []).map(({ reference }) => get<Observation>(reference ?? '')));
const labels = ({ meta }: { meta?: { security?: Coding[] } }) => (meta?.security ?? []).map(({ code }) => code);
const reviewsOf = async ({ id }: DiagnosticReport) =>
  (await found<Provenance>(wetread, `Provenance?target=DiagnosticReport/${id}&_sort=recorded`)).filter(({ signature }) => signature);
const codeOf = async (answer: Response) => [
  answer.status,
  (await json<OperationOutcome>(answer)).issue[0].details?.coding?.[0].code ?? 'invalid by R4',
];

const sha256 = (resource: object) =>
  createHash('sha256')
    .update(canonicalize(resource) ?? '')
    .digest('hex');

describe('A report that a reviewer accepts', () => {
  let before: DiagnosticReport;
  let report: DiagnosticReport;
  beforeAll(async () => {
    before = await aReport();
    const answer = await review(before.id, '1', said.decision('accept'), said.by(), said.for());
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, 'W/"2"']);
    report = await json(answer);
  });

  it('is final, by whom it was read and who answers for it, in words, forms and labels', async () => {
    expect(report).toMatchObject({
      status: 'final',
      resultsInterpreter: [{ reference: reviewer }],
      performer: [{ reference: clinic }, { reference: reviewer }],
      subject: before.subject,
      imagingStudy: before.imagingStudy,
      result: before.result,
    });
    expect(report.conclusion).toMatch(/Pneumonia: .* Made by an AI model \(.*\), reviewed and accepted by a person\. NOT FOR CLINICAL USE/);
    expect(report.conclusion).not.toMatch(/PRELIMINARY|not seen/);
    expect(report.text?.div).toMatch(/FINAL REPORT.*reviewed and accepted/);
    expect(report.presentedForm?.map(({ title }) => title)).toEqual(['Final report', 'Final report']);
    expect(Buffer.from(report.presentedForm?.[0].data ?? '', 'base64').toString()).toMatch(/Final report.*reviewed and accepted/s);
    expect(Date.parse(report.issued ?? '')).toBeGreaterThan(Date.parse(before.issued ?? ''));
    expect([labels(before), labels(report)]).toEqual([['AIAST'], ['CLINAST']]);
    expect(await get(`DiagnosticReport/${report.id}`)).toEqual(report);
    expect(await get(`DiagnosticReport/${report.id}/_history/1`)).toEqual(before);
  });

  it('has final findings that a person asserts; what a program measured of the images stays the AI’s', async () => {
    for (const one of await resultsOf(report)) {
      expect(one.status).toBe('final');
      expect([one.code.coding?.[0].code, labels(one)]).toEqual([
        one.code.coding?.[0].code,
        one.code.coding?.[0].code === 'image-quality' ? ['AIAST'] : ['CLINAST', 'PROCESSINLINELABEL'],
      ]);
    }
  });

  it('has a Provenance with a human verifier, and a signature over exactly these versions', async () => {
    const [provenance, ...more] = await reviewsOf(report);
    expect(more).toEqual([]);
    expect(provenance.agent.map(({ type, who }) => [type?.coding?.[0].code, who.reference])).toEqual([
      ['verifier', reviewer],
      ['author', expect.stringMatching(/^Device\//)],
    ]);
    expect(provenance.entity?.[0]).toMatchObject({ role: 'revision', what: { reference: `DiagnosticReport/${report.id}/_history/1` } });
    const { who, meaning, targets } = await verified<SignedContent>(wetread, jwsOf(provenance.signature?.[0]));
    expect([who, meaning]).toEqual([reviewer, '1.2.840.10065.1.12.1.5']);
    expect(targets.map(({ reference }) => reference)).toEqual(provenance.target.map(({ reference }) => reference));
    expect(targets.length).toBe(1 + (report.result ?? []).length);
    for (const { reference, sha256: signed } of targets) expect([reference, sha256(await get(reference))]).toEqual([reference, signed]);
  });

  it('claims profiles of others only once it is signed, and only those that it holds', async () => {
    const claims = ({ meta }: DiagnosticReport) => (meta?.profile ?? []).map((url) => url.split(/[/:]/).at(-1));
    expect(claims(before)).toEqual(['ai-report']);
    expect(claims(report)).toEqual(['ai-report', 'us-core-diagnosticreport-note', 'imr-diagnosticreport']);
    const { id } = await aReport();
    const alone = await json<DiagnosticReport>(await review(id, '1', said.decision('accept'), said.by()));
    expect(claims(alone)).toEqual(['ai-report', 'us-core-diagnosticreport-note']); // IMR wants an Organization, too
  });

  it('is valid R4, as is all that came with it', async () => {
    for (const one of [report, ...(await resultsOf(report)), ...(await reviewsOf(report))]) {
      const outcome = await json<OperationOutcome>(await send('POST', `${one.resourceType}/$validate`, one));
      expect([one.resourceType, outcome.issue.filter(({ severity }) => severity === 'error')]).toEqual([one.resourceType, []]);
    }
  });

  it('stands so in the graph and in the ledger, without a word that a person wrote', async () => {
    const query = `{ report(id: "${report.id}") { status version reviewed conclusion findings { verdict } } }`;
    const answer = await wetread.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await json(answer)).toMatchObject({
      data: { report: { status: 'FINAL', version: 1, reviewed: report.issued, conclusion: report.conclusion } },
    });
    const [record, ...more] = (await onRecord(wetread, 'report.reviewed')).filter(({ entity }) => entity.id === report.id);
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      entity: { type: 'DiagnosticReport', version: 2 },
      changes: {
        decision: 'accept',
        humanDecision: 'accept',
        status: { before: 'preliminary', after: 'final' },
        shown: { version: 1, sha256: sha256(before), model: { name: 'chest-pneumonia', report: 1 }, at: null, seconds: null },
        provenanceSha256: sha256((await reviewsOf(report))[0]),
        findings: [{ code: '233604007', probability: expect.any(Number) }],
      },
      reason: '',
    });
  });

  it('is not accepted twice, but can be amended and withdrawn', async () => {
    expect(await codeOf(await review(report.id, '2', said.decision('accept'), said.by()))).toEqual([409, 'review-impossible']);
    const amended = await review(report.id, '2', said.decision('amend'), said.by(), said.reason(), said.conclusion('Seen again: clear.'));
    expect([amended.status, (await json<DiagnosticReport>(amended)).status]).toEqual([200, 'amended']);
    const withdrawn = await review(report.id, '3', said.decision('reject'), said.by(), said.reason('Wrong patient.'));
    expect([withdrawn.status, (await json<DiagnosticReport>(withdrawn)).status]).toEqual([200, 'entered-in-error']);
    expect((await reviewsOf(report)).length).toBe(3);
    expect(await codeOf(await review(report.id, '4', said.decision('accept'), said.by()))).toEqual([409, 'review-impossible']);
  });
});

describe('A report that a reviewer amends', () => {
  it('says what the reviewer says, of the finding too, and why', async () => {
    const { id } = await aReport();
    const before = await get<DiagnosticReport>(`DiagnosticReport/${id}`); // opened: from then on it is before them
    const finding = (await resultsOf(before)).find(({ valueCodeableConcept }) => valueCodeableConcept);
    const called = finding?.valueCodeableConcept?.coding?.[0].code === '52101004';
    const change = said.finding({ system: finding?.code.coding?.[0].system, code: finding?.code.coding?.[0].code }, !called);
    const words = [said.reason(), said.conclusion('I see it otherwise.'), change];
    const answer = await review(id, '1', said.decision('amend'), said.by(), ...words);
    const report = await json<DiagnosticReport>(answer);
    expect([answer.status, report.status]).toEqual([200, 'amended']);
    expect(report.conclusion).toMatch(/^I see it otherwise\. Amended by a person .* NOT FOR CLINICAL USE/);
    expect((report.conclusionCode ?? []).length).toBe(called ? 0 : 1);
    const after = (await resultsOf(report)).find(({ id }) => id === finding?.id);
    expect(after).toMatchObject({
      status: 'amended',
      valueCodeableConcept: { coding: [{ code: called ? '2667000' : '52101004' }] },
      performer: [{ reference: reviewer }],
    });
    expect(after?.note?.at(-1)?.text).toBe('Amended: Overlap of ribs.');
    // The model's numbers stay, each labelled as the model's (HL7 AI Transparency, element-level labels).
    expect(after?.component?.map(({ extension: _label, ...one }) => one)).toEqual(finding?.component);
    expect(new Set(after?.component?.map(({ extension }) => extension?.[0].valueCoding?.code))).toEqual(new Set(['AIAST']));
    expect((await reviewsOf(report))[0].reason).toEqual([{ text: 'Overlap of ribs.' }]);
    const recorded = (await onRecord(wetread, 'report.reviewed')).find(({ entity }) => entity.id === report.id);
    expect(recorded?.changes).toMatchObject({ humanDecision: 'override', shown: { sha256: sha256(before), seconds: expect.any(Number) } });
    expect(JSON.stringify(await onRecord(wetread, 'report.reviewed'))).not.toMatch(/ribs|otherwise/);
  });
});

describe('A report that a reviewer rejects', () => {
  it('is cancelled, concludes nothing, and says first that it is not to be used', async () => {
    const before = await aReport();
    const report = await json<DiagnosticReport>(await review(before.id, '1', said.decision('reject'), said.by(), said.reason('Blurred.')));
    expect(report.status).toBe('cancelled');
    expect(report.conclusion).toMatch(/^REJECTED by a person who reviewed it, NOT TO BE USED/);
    expect([report.conclusionCode, report.resultsInterpreter, labels(report)]).toEqual([undefined, undefined, ['AIAST']]);
    expect(new Set((await resultsOf(report)).map(({ status }) => status))).toEqual(new Set(['cancelled']));
  });
});

describe('A review that can not be', () => {
  it('is refused with what is wrong, and changes nothing', async () => {
    const { id } = await aReport();
    const accept = said.decision('accept');
    const foreign = await created({ resourceType: 'DiagnosticReport', status: 'preliminary', code: { text: 'x' } });
    const refused: [string, Promise<Response>, [number, string]][] = [
      [
        'without a version',
        send('POST', `DiagnosticReport/${id}/$review`, { resourceType: 'Parameters', parameter: [accept, said.by()] }),
        [428, 'version-required'],
      ],
      ['of a version that is not current', review(id, '7', accept, said.by()), [412, 'version-differs']],
      ['by nobody', review(id, '1', accept), [400, 'bad-review']],
      ['by somebody unknown', review(id, '1', accept, said.by('Practitioner/nobody')), [422, 'reviewer-unknown']],
      ['by a patient', review(id, '1', accept, said.by('Patient/p')), [400, 'bad-review']],
      ['with another decision', review(id, '1', said.decision('shrug'), said.by()), [400, 'bad-review']],
      ['with two decisions', review(id, '1', accept, accept, said.by()), [400, 'bad-review']],
      ['with a parameter that is none', review(id, '1', accept, said.by(), { name: 'colour', valueString: 'x' }), [400, 'bad-review']],
      ['rejecting without a reason', review(id, '1', said.decision('reject'), said.by()), [422, 'review-incomplete']],
      ['amending without a conclusion', review(id, '1', said.decision('amend'), said.by(), said.reason()), [422, 'review-incomplete']],
      ['accepting with a conclusion', review(id, '1', accept, said.by(), said.conclusion()), [422, 'review-incomplete']],
      [
        'of a finding that it has not',
        review(
          id,
          '1',
          said.decision('amend'),
          said.by(),
          said.reason(),
          said.conclusion(),
          said.finding({ system: 'urn:x', code: 'y' }, true),
        ),
        [422, 'review-incomplete'],
      ],
      ['of a report that is not there', review('nothing', '1', accept, said.by()), [404, 'record-absent']],
      ["of a client's report", review(foreign.split('/')[1], '1', accept, said.by()), [409, 'report-not-ours']],
      ['that is not R4', review(id, '1', { name: 'decision', valueCode: 'accept', shoe: 1 }, said.by()), [422, 'invalid by R4']],
    ];
    for (const [what, answer, wanted] of refused) expect([what, await codeOf(await answer)]).toEqual([what, wanted]);
    expect((await get<DiagnosticReport>(`DiagnosticReport/${id}`)).meta?.versionId).toBe('1');
  });

  it('is that of the slower of two reviewers', async () => {
    const { id } = await aReport();
    const answers = await Promise.all(['accept', 'accept', 'accept'].map((one) => review(id, '1', said.decision(one), said.by())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});

describe('What is read after a review', () => {
  it('makes a report of its own: the signed one stands', async () => {
    const first = aPhantom({ seed: 77 });
    await wetread.store(first.bytes);
    const { id } = await reportOf(wetread, first.studyInstanceUID);
    expect(await idle(wetread)).toEqual([]);
    const signed = await json<DiagnosticReport>(await review(id, '1', said.decision('accept'), said.by()));
    await wetread.store(aPhantom({ seed: 77, rows: 192 }).bytes);
    expect(await idle(wetread)).toEqual([]);
    expect(await get(`DiagnosticReport/${id}`)).toEqual(signed);
    const all = await found<DiagnosticReport>(wetread, `DiagnosticReport?subject=${signed.subject?.reference}&_sort=issued`);
    expect(all.map(({ status }) => status)).toEqual(['final', 'preliminary']);
    expect((await resultsOf(all[1])).length).toBeGreaterThan((await resultsOf(signed)).length);
  });
});

describe('The key that signs', () => {
  it('is the same after a restart, and its secret half is readable by the server alone', async () => {
    const keys = await wetread.json<JSONWebKeySet>('/signing-keys', 'application/jwk-set+json');
    expect(keys.keys.map(({ kty, crv, alg, d }) => ({ kty, crv, alg, d }))).toEqual([
      { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', d: undefined },
    ]);
    expect(statSync(join(wetread.folder, 'signing-key.pem')).mode & 0o777).toBe(0o600);
    await wetread.stop();
    await wetread.launch();
    const { id } = await aReport();
    expect((await review(id, '1', said.decision('accept'), said.by())).status).toBe(200);
    expect(await wetread.json('/signing-keys', 'application/jwk-set+json')).toEqual(keys);
  });
});
