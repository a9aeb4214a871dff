import type { DiagnosticReport } from 'fhir/r4.js';
import { by, type LedgerEvent } from '../../ledger/ledger-event.js';
import type { Caller } from '../../access/caller.js';
import { canonicalSha256 } from '../../signing/canonical.js';
import type { ReportRow } from '../reports.sql.js';
import { humanDecision } from './human-decision.js';
import type { SignedContent } from './review-provenance.js';
import type { Review } from './review.js';

/** A report as a person had it before them, and when they were last given it; undefined where they were not by its id. */
export interface Shown {
  readonly report: DiagnosticReport;
  readonly row: ReportRow;
  readonly at: Date | undefined;
}

/** What came of it. */
export interface Signed {
  readonly row: ReportRow;
  readonly version: number;
  readonly content: SignedContent;
  /** As it is stored: with the person's own words for why, which stand nowhere else. */
  readonly provenance: { readonly id: string; readonly content: string };
}

/**
 * What a person did with a model's result: which version of it they had before them, for how long at most, what they decided, and how
 * each finding stood before and after. A person's words may name the patient: the record has the digest of the Provenance that holds them.
 */
export function reviewRecord(caller: Caller, review: Review, shown: Shown, signed: Signed): Omit<LedgerEvent, 'patients'> {
  const { row: before } = shown;
  const { row: after, content, provenance } = signed;
  const stood = new Map(before.findings.map(({ label, verdict }) => [label, verdict]));
  return {
    ...by(caller),
    action: 'report.reviewed',
    entity: { type: 'DiagnosticReport', id: after.id, version: signed.version },
    changes: {
      decision: review.decision,
      humanDecision: humanDecision(review.decision, before.findings, after.findings),
      status: { before: before.status, after: after.status },
      shown: {
        version: review.version,
        sha256: canonicalSha256(shown.report),
        model: { name: before.modelName, version: before.modelVersion, sha256: before.modelSha256, report: before.version },
        readings: before.readingsDigest,
        at: shown.at?.toISOString() ?? null,
        seconds: shown.at === undefined ? null : Math.round((Date.parse(content.when) - shown.at.getTime()) / 1_000),
      },
      signed: content,
      provenance: provenance.id,
      provenanceSha256: canonicalSha256(JSON.parse(provenance.content) as object), // just written
      findings: after.findings.map(({ code, label, verdict, probability }) => ({ code, before: stood.get(label), verdict, probability })),
    },
    reason: '',
  };
}
