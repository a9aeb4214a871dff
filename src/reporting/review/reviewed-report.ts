import type { DiagnosticReport, Meta, Observation, ObservationComponent, Reference } from 'fhir/r4.js';
import { profileIssues } from '../../records/profiles/check-profiles.js';
import { knownProfile } from '../../records/profiles/known-profiles.js';
import type { JsonObject } from '../../records/validation/json-object.js';
import { narrative } from '../../records/narrative.js';
import { inlineLabel, withoutInlineLabel } from '../fhir/ai-transparency.js';
import { AI_ASSERTED, signedOff, signedOffInPart } from '../fhir/codes.js';
import { findingId, VERDICT_VALUE } from '../fhir/finding-observation.js';
import { presentedForms } from '../fhir/presented-form.js';
import { percent } from '../preliminary-report.js';
import { statusAfter, type ReportStatus } from '../report-status.js';
import type { ReportRow, StoredFinding } from '../reports.sql.js';
import { TITLES, withoutStanding, withStanding } from '../standing.js';
import { ReviewImpossible, ReviewIncomplete } from './faults.js';
import { reviewerOf, type Review } from './review.js';

/** A report before its review: as its row, and as the resources that are current. */
export interface Reviewable {
  readonly row: ReportRow;
  readonly report: DiagnosticReport & { id: string };
  /** Its results: findings and image quality. */
  readonly results: readonly (Observation & { id: string })[];
}

/** What a review makes of a report. */
export interface ReviewedReport {
  readonly row: ReportRow;
  readonly resources: readonly ((DiagnosticReport | Observation) & { id: string })[];
}

/** Makes the report that a person answers for, or takes it back. @throws ReviewImpossible, ReviewIncomplete */
export function reviewedReport({ row, report, results }: Reviewable, review: Review, now: Date): ReviewedReport {
  const status = statusAfter(row.status, review.decision);
  if (status === undefined) throw new ReviewImpossible(review.decision, row.status);
  const stays = isVoid(status);
  const findings = stays ? row.findings : decided(row.findings, review);
  const before = withoutStanding(row.conclusion, row.status);
  const conclusion = withStanding(review.conclusion ?? before.said, status, before);
  const said = { title: TITLES[status], conclusion, findings, model: before.model, issued: now };
  const present = stays ? [] : findings.filter(({ verdict }) => verdict === 'present').map(({ label }) => findingId(row.id, label));
  const { conclusionCode: _before, ...rest } = report;
  const unclaimed: DiagnosticReport & { id: string } = {
    ...rest,
    ...(stays ? {} : signedBy(report, review)),
    text: narrative(said.title.toUpperCase(), conclusion),
    status,
    issued: now.toISOString(),
    conclusion,
    ...(present.length > 0 && { conclusionCode: results.filter(({ id }) => present.includes(id)).map(({ code }) => code) }),
    presentedForm: presentedForms(said),
  };
  const next = { ...unclaimed, meta: claiming(unclaimed, stays) };
  const byId = new Map(findings.map((finding) => [findingId(row.id, finding.label), finding]));
  const observations = results.map((one) => reviewedResult(one, byId.get(one.id), review, status, now));
  return { row: { ...row, status, reviewed: now, conclusion, findings }, resources: [next, ...observations] };
}

/** Profiles of others that a signed report may hold; one that nobody has signed never claims them. */
const CLAIMED = [
  'http://hl7.org/fhir/us/core/StructureDefinition/us-core-diagnosticreport-note',
  'https://profiles.ihe.net/RAD/IMR/StructureDefinition/imr-diagnosticreport',
];

/** Its meta with the profiles that it holds indeed. */
function claiming(report: DiagnosticReport, isWithdrawn: boolean): Meta {
  const { profile = [], ...meta } = report.meta ?? {};
  const held = CLAIMED.filter((url) => {
    const known = knownProfile(url);
    return !isWithdrawn && known !== undefined && profileIssues(report as unknown as JsonObject, known).length === 0;
  });
  return { ...meta, profile: [...profile.filter((url) => !CLAIMED.includes(url)), ...held] };
}

const isVoid = (status: ReportStatus): status is 'cancelled' | 'entered-in-error' =>
  status === 'cancelled' || status === 'entered-in-error';

/** Who signs interprets and answers for it (R4 diagnosticreport.html: performer, resultsInterpreter). */
const signedBy = ({ meta, performer = [] }: DiagnosticReport, review: Review) => ({
  meta: signedOff(meta),
  performer: [...organizationsOf(review, performer), reviewerOf(review)],
  resultsInterpreter: [reviewerOf(review)],
});

/** Whom it is done for; who names nobody leaves the one that is there. */
const organizationsOf = ({ organization }: Review, before: readonly Reference[]): readonly Reference[] =>
  organization === undefined
    ? before.filter(({ reference = '' }) => reference.startsWith('Organization/'))
    : [{ reference: `Organization/${organization}` }];

/** The findings as they stand then. A report that a person answers for leaves none open. */
function decided(findings: readonly StoredFinding[], { findings: changes }: Review): StoredFinding[] {
  const isOf = (finding: StoredFinding) => (change: Review['findings'][number]) =>
    change.code === finding.code && change.system === finding.system;
  if (new Set(changes.map(({ system, code }) => `${system}|${code}`)).size < changes.length)
    throw new ReviewIncomplete('finding', 'must be given once for each');
  if (changes.some((change) => !findings.some((finding) => isOf(finding)(change))))
    throw new ReviewIncomplete('finding', 'must be one of the report');
  const next = findings.map((finding): StoredFinding => {
    const change = changes.find(isOf(finding));
    return change === undefined ? finding : { ...finding, verdict: change.present ? 'present' : 'absent' };
  });
  if (next.some(({ verdict }) => verdict === 'second-look'))
    throw new ReviewIncomplete('finding', 'must say of each one that the model left open whether it is present: amend the report');
  return next;
}

function reviewedResult(
  before: Observation & { id: string },
  finding: StoredFinding | undefined,
  review: Review,
  status: ReportStatus,
  now: Date,
): Observation & { id: string } {
  const own = { ...before, issued: now.toISOString() };
  if (isVoid(status))
    return { ...own, status, text: narrative(`NOT TO BE USED: ${before.code.text ?? 'a result'} of a report that was taken back`) };
  // What a program measured of an image no person asserts: it stays the AI's, though the report is signed.
  if (finding === undefined) return before.status === 'final' ? before : { ...own, status: 'final' };
  const value = VERDICT_VALUE[finding.verdict];
  const isChanged = before.valueCodeableConcept?.coding?.[0].code !== value.coding?.[0].code;
  const words = `${finding.label}: ${value.text}, by a person who reviewed it; probability by the model ${percent(finding.probability)}`;
  return {
    ...own,
    meta: signedOffInPart(before.meta),
    text: narrative(words),
    status: isChanged || before.status === 'amended' ? 'amended' : 'final',
    performer: [reviewerOf(review)],
    // The model's confidence is in what it said, and in nothing else.
    valueCodeableConcept: isChanged ? value : before.valueCodeableConcept,
    component: before.component?.map(asTheModels),
    ...(isChanged && { note: [...(before.note ?? []), { time: now.toISOString(), text: `Amended: ${review.reason}` }] }),
  };
}

/** The model's numbers stay the model's in a finding that a person asserts. */
const asTheModels = (component: ObservationComponent): ObservationComponent => ({
  ...component,
  extension: [...withoutInlineLabel(component.extension), inlineLabel(AI_ASSERTED)],
});
