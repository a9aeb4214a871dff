import { describe, expect, it } from '@jest/globals';
import type { DiagnosticReport, Observation } from 'fhir/r4.js';
import { reportResources } from '../../src/reporting/fhir/report-resources.js';
import type { ReportStatus } from '../../src/reporting/report-status.js';
import type { StoredFinding } from '../../src/reporting/reports.sql.js';
import type { Review } from '../../src/reporting/review/review.js';
import { reviewedReport, type Reviewable } from '../../src/reporting/review/reviewed-report.js';
import { standing, withoutStanding, withStanding } from '../../src/reporting/standing.js';
import { aReading, aReport } from './a-report.js';

const NOW = new Date('2026-02-03T04:05:06.789Z');
/** A report as it is before its review; probability 0.5 is one that the model leaves open. */
function before(probability: number, status: ReportStatus = 'preliminary'): Reviewable {
  const report = aReport([aReading(probability)]);
  const resources = JSON.parse(JSON.stringify(reportResources(report))) as (DiagnosticReport | Observation)[];
  const findings = report.findings.map(({ modelClass, verdict }): StoredFinding => ({
    label: modelClass.label,
    code: modelClass.code.code,
    system: modelClass.code.system,
    probability,
    confidence: null,
    uncertainty: null,
    operatingThreshold: modelClass.operatingThreshold,
    verdict,
    sopInstanceUID: '2.25.1',
    provider: 'cpu',
  }));
  return {
    row: {
      id: report.id,
      studyRow: 1,
      modelName: report.model.name,
      modelVersion: report.model.version,
      modelSha256: report.model.sha256,
      cycle: 1,
      status,
      version: 1,
      issued: report.issued,
      reviewed: null,
      readingsDigest: '',
      conclusion: report.conclusion,
      findings,
    },
    report: resources.find(({ resourceType }) => resourceType === 'DiagnosticReport') as Reviewable['report'],
    results: resources.filter((one) => one.resourceType === 'Observation') as unknown as Reviewable['results'],
  };
}
const review = (more: Partial<Review>): Review => ({
  decision: 'accept',
  version: 1,
  reviewer: { type: 'Practitioner', id: 'reader' },
  organization: undefined,
  reason: undefined,
  conclusion: undefined,
  findings: [],
  ...more,
});

describe('A finding that the model left open', () => {
  it('can not be accepted as it is: somebody must say whether it is there', () => {
    expect(before(0.5).row.findings[0].verdict).toBe('second-look');
    expect(() => reviewedReport(before(0.5), review({}), NOW)).toThrow(/left open/);
    const amend = { decision: 'amend' as const, reason: 'r', conclusion: 'c' };
    expect(() => reviewedReport(before(0.5), review(amend), NOW)).toThrow(/left open/);
  });

  it('is what the reviewer says, with the code among the conclusions where it is there', () => {
    const open = before(0.5);
    const [{ system, code }] = open.row.findings;
    const amend = { decision: 'amend' as const, reason: 'Seen.', conclusion: 'Pneumonia.' };
    for (const present of [true, false]) {
      const { row, resources } = reviewedReport(open, review({ ...amend, findings: [{ system, code, present }] }), NOW);
      expect(row).toMatchObject({ status: 'amended', reviewed: NOW, findings: [{ verdict: present ? 'present' : 'absent' }] });
      const [report] = resources as DiagnosticReport[];
      expect(report.conclusionCode?.map(({ coding }) => coding?.[0].code)).toEqual(present ? [code] : undefined);
    }
  });

  it('can be rejected', () => {
    expect(reviewedReport(before(0.5), review({ decision: 'reject', reason: 'r' }), NOW).row.status).toBe('cancelled');
  });
});

describe('A finding that a person asserts', () => {
  const CONFIDENCE = 'http://hl7.org/fhir/uv/aitransparency/StructureDefinition/AIconfidence';
  const INLINE = 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label';
  const findingOf = ({ resources }: ReturnType<typeof reviewedReport>): Observation =>
    resources.filter((one) => one.resourceType === 'Observation').find(({ valueCodeableConcept }) => valueCodeableConcept) as Observation;
  const urls = (found: Observation) => found.valueCodeableConcept?.extension?.map(({ url }) => url);

  it("keeps the model's numbers labelled as the AI's, one by one, once (HL7 AI Transparency, element-level labels)", () => {
    const first = before(0.9);
    const signed = reviewedReport(first, review({}), NOW);
    const again = { ...first, row: signed.row, report: signed.resources[0], results: signed.resources.slice(1) } as Reviewable;
    const amend = { decision: 'amend' as const, reason: 'r', conclusion: 'c' };
    for (const found of [findingOf(signed), findingOf(reviewedReport(again, review(amend), NOW))]) {
      expect(found.meta?.security?.map(({ code }) => code)).toEqual(['CLINAST', 'PROCESSINLINELABEL']);
      expect(found.component?.length).toBeGreaterThan(3);
      for (const { extension } of found.component ?? [])
        expect(extension).toEqual([{ url: INLINE, valueCoding: expect.objectContaining({ code: 'AIAST' }) }]);
    }
  });

  it("keeps the model's confidence in its verdict, and has none in another one", () => {
    const given = before(0.9);
    const [{ system, code }] = given.row.findings;
    expect(urls(findingOf(reviewedReport(given, review({}), NOW)))).toEqual([CONFIDENCE]);
    const amend = {
      decision: 'amend' as const,
      reason: 'Not there.',
      conclusion: 'Nothing.',
      findings: [{ system, code, present: false }],
    };
    expect(urls(findingOf(reviewedReport(given, review(amend), NOW)))).toBeUndefined();
  });
});

describe('The standing of a report', () => {
  const STATUSES: readonly ReportStatus[] = ['preliminary', 'final', 'amended', 'cancelled', 'entered-in-error'];

  it.each(STATUSES)('%s stands in its conclusion once, and can be taken out and put back', (status) => {
    const parts = { model: 'Chest (two) and not seen, version 3', isDemonstration: true };
    const conclusion = withStanding('Nothing: see note.', status, parts);
    expect(conclusion.split(standing(status, parts.model)).length).toBe(2);
    expect(withoutStanding(conclusion, status)).toEqual({ said: 'Nothing: see note.', ...parts });
  });

  it('is kept apart from what a person quotes of it', () => {
    const quoted = `They wrote: ${standing('amended', 'other')} I do not agree.`;
    const conclusion = withStanding(quoted, 'amended', { model: 'mine', isDemonstration: false });
    expect(withoutStanding(conclusion, 'amended')).toEqual({ said: quoted, model: 'mine', isDemonstration: false });
  });
});
