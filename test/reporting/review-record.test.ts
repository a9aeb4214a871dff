import { describe, expect, it } from '@jest/globals';
import type { DiagnosticReport } from 'fhir/r4.js';
import type { Caller } from '../../src/access/caller.js';
import { reviewRecord } from '../../src/reporting/review/review-record.js';
import type { Review } from '../../src/reporting/review/review.js';
import type { ReportRow, StoredFinding } from '../../src/reporting/reports.sql.js';
import { canonicalSha256 } from '../../src/signing/canonical.js';

const caller: Caller = { id: 'user:7', kind: 'person', tenant: 1 };
const review: Review = {
  decision: 'amend',
  version: 3,
  reviewer: { type: 'Practitioner', id: 'p' },
  organization: undefined,
  reason: 'Overlap of ribs.',
  conclusion: 'Clear.',
  findings: [],
};
const finding = (verdict: StoredFinding['verdict']) =>
  ({ label: 'Pneumonia', code: '233604007', probability: 0.81, verdict }) as StoredFinding;
const row = (changes: Partial<ReportRow>) =>
  ({
    id: 'r',
    modelName: 'chest',
    modelVersion: '4',
    modelSha256: 'a'.repeat(64),
    version: 2,
    readingsDigest: 'b'.repeat(64),
    ...changes,
  }) as ReportRow;
const report = { resourceType: 'DiagnosticReport', id: 'r', status: 'preliminary', conclusion: 'Pneumonia.' } as DiagnosticReport;
const provenance = { id: 'q', content: JSON.stringify({ resourceType: 'Provenance', reason: [{ text: 'Overlap of ribs.' }] }) };

const recorded = (at: Date | undefined) =>
  reviewRecord(
    caller,
    review,
    { report, row: row({ status: 'preliminary', findings: [finding('present')] }), at },
    {
      row: row({ status: 'amended', findings: [finding('absent')] }),
      version: 4,
      content: { who: 'Practitioner/p', when: '2026-05-01T10:00:42.300Z', meaning: 'm', targets: [] },
      provenance,
    },
  );

describe('The record of a review', () => {
  it('tells which result the person had before them, since when, and how each finding stood before and after', () => {
    expect(recorded(new Date('2026-05-01T10:00:00Z'))).toMatchObject({
      actor: 'user:7',
      action: 'report.reviewed',
      entity: { type: 'DiagnosticReport', id: 'r', version: 4 },
      changes: {
        humanDecision: 'override',
        shown: {
          version: 3, // of the DiagnosticReport
          sha256: canonicalSha256(report),
          model: { name: 'chest', version: '4', sha256: 'a'.repeat(64), report: 2 }, // of what the model says
          readings: 'b'.repeat(64),
          at: '2026-05-01T10:00:00.000Z',
          seconds: 42,
        },
        findings: [{ code: '233604007', before: 'present', verdict: 'absent', probability: 0.81 }],
      },
    });
  });

  it('holds a person’s words by the digest of the Provenance that has them, and does not guess at a time', () => {
    const record = recorded(undefined);
    expect(record.changes).toMatchObject({
      provenance: 'q',
      provenanceSha256: canonicalSha256(JSON.parse(provenance.content) as object),
      shown: { at: null, seconds: null },
    });
    expect(JSON.stringify(record)).not.toMatch(/ribs|Clear/);
  });
});
