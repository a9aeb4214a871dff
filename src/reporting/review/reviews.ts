import type { DiagnosticReport, Observation } from 'fhir/r4.js';
import { personOfCaller, type Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import { requireOperation } from '../../access/operations.js';
import { versionOpenTo } from '../../records/open-versions.js';
import { openVersion } from '../../records/search/open-among.sql.js';
import { grantedCondition } from '../../records/search/permitted.js';
import type { Transaction } from '../../database/transaction.js';
import { appendRecords } from '../../ledger/append-records.sql.js';
import { lastLook } from '../../ledger/last-look.sql.js';
import { VersionDiffers } from '../../records/edit/faults.js';
import { RecordAbsent } from '../../records/faults.js';
import type { Records } from '../../records/records.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import { canonicalSha256 } from '../../signing/canonical.js';
import type { Signer } from '../../signing/signer.js';
import { lockReportOf, writeReview } from '../reports.sql.js';
import { ReportNotOurs, ReviewerNotCaller, ReviewerUnknown, ReviewIncomplete } from './faults.js';
import { reviewProvenance, signedContent } from './review-provenance.js';
import { reviewRecord } from './review-record.js';
import { reviewedReport, type Reviewable } from './reviewed-report.js';
import type { Review } from './review.js';
import { patientsSaid } from '../../records/patients-said.js';

/** A person's decision on a preliminary report: it becomes final, amended or cancelled, signed and on record. */
export class Reviews {
  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly signer: Signer,
  ) {}

  /**
   * Reviews a report; gives the DiagnosticReport's new version. All in one transaction: the report, its observations, the
   * Provenance with the signature, the ledger.
   * @throws OperationNotPermitted, NotPermitted, RecordAbsent, ReportNotOurs, VersionDiffers, ReviewImpossible, ReviewIncomplete, ReviewerUnknown
   */
  async review(caller: Caller, id: string, review: Review): Promise<VersionRow> {
    requireOperation(caller, 'report.review');
    requireOwnName(caller, review);
    checkComplete(review);
    await this.signer.prepare();
    return this.database.transaction(async (tx) => {
      await this.requireOpen(tx, caller, id);
      const before = await this.reviewable(tx, id, review.version);
      await this.checkPeople(tx, review);
      return this.write(tx, caller, before, review);
    });
  }

  /** A report that the caller may read, and that the token lets be changed. Throws RecordAbsent. */
  private async requireOpen(tx: Transaction, caller: Caller, id: string): Promise<void> {
    const there = await versionOpenTo(tx, caller, { type: 'DiagnosticReport', id });
    const condition = caller.rights && grantedCondition(caller, 'DiagnosticReport', 'u');
    const changeable = condition === undefined || (await openVersion(tx, 'DiagnosticReport', id, [condition])) !== undefined;
    if (there === undefined || !changeable) throw new RecordAbsent('DiagnosticReport');
  }

  private async reviewable(tx: Transaction, id: string, version: number): Promise<Reviewable> {
    const row = await lockReportOf(tx, id);
    const report = await this.records.current<DiagnosticReport>(tx, 'DiagnosticReport', id);
    if (report === undefined) throw new RecordAbsent('DiagnosticReport');
    if (row === undefined) throw new ReportNotOurs();
    // Nobody signs what they have not read: another version may have come since.
    if (report.meta?.versionId !== String(version)) throw new VersionDiffers();
    const ids = (report.result ?? []).map(({ reference = '' }) => reference.replace('Observation/', ''));
    const results = await Promise.all(ids.map((one) => this.records.current<Observation>(tx, 'Observation', one)));
    return { row, report, results: results.filter((one) => one !== undefined) };
  }

  private async checkPeople(tx: Transaction, { reviewer, organization }: Review): Promise<void> {
    if (!(await this.records.current(tx, reviewer.type, reviewer.id))) throw new ReviewerUnknown(reviewer.type);
    if (organization !== undefined && !(await this.records.current(tx, 'Organization', organization)))
      throw new ReviewerUnknown('Organization');
  }

  private async write(tx: Transaction, caller: Caller, before: Reviewable, review: Review): Promise<VersionRow> {
    const now = new Date();
    const { row, resources } = reviewedReport(before, review, now);
    const written = await this.records.write(tx, resources, now);
    const targets = written.map(({ type, id, version, content }) => ({
      reference: `${type}/${id}/_history/${version}`,
      sha256: canonicalSha256(JSON.parse(content) as object), // just written
    }));
    const report = written.find(({ type }) => type === 'DiagnosticReport') as VersionRow; // its status is another
    const content = signedContent(review, targets, now);
    const provenance = reviewProvenance(review, content, {
      reportId: row.id,
      before: review.version,
      after: report.version,
      device: before.results.flatMap(({ device }) => device?.reference ?? []).at(0),
      jws: await this.signer.sign(content),
    });
    const [stored] = await this.records.write(tx, [provenance], now);
    await writeReview(tx, row);
    const at = await lastLook(tx, caller.id, { type: 'DiagnosticReport', id: row.id });
    const record = reviewRecord(caller, review, { ...before, at }, { row, version: report.version, content, provenance: stored });
    await appendRecords(tx, [{ ...record, patients: patientsSaid(report) }]);
    return report;
  }
}

/** @throws ReviewIncomplete */
function checkComplete({ decision, reason, conclusion, findings }: Review): void {
  if (decision !== 'accept' && reason === undefined) throw new ReviewIncomplete('reason', 'must be given to amend or reject a report');
  if (decision === 'amend' && conclusion === undefined)
    throw new ReviewIncomplete('conclusion', 'must be given to amend a report: what it says must agree with its findings');
  if (decision === 'amend') return;
  if (conclusion !== undefined) throw new ReviewIncomplete('conclusion', 'is taken only to amend a report');
  if (findings.length > 0) throw new ReviewIncomplete('finding', 'is taken only to amend a report');
}

/** Nobody signs for somebody else: the reviewer is the person whom the token is of. Throws ReviewerNotCaller. */
function requireOwnName(caller: Caller, { reviewer }: Review): void {
  if (caller.rights !== undefined && personOfCaller(caller) !== `${reviewer.type}/${reviewer.id}`) throw new ReviewerNotCaller();
}
