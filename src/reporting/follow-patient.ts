import { ownCaller } from '../database/own-caller.js';
import type { DiagnosticReport, Observation } from 'fhir/r4.js';
import { patientResourceId } from '../archive/fhir/patient.js';
import { storedDataset, type Studies } from '../archive/studies.js';
import type { StudyRecords } from '../archive/study-records.js';
import { STUDY_CHANGED } from '../archive/work-kinds.js';
import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import type { Records } from '../records/records.js';
import type { VersionRow } from '../records/store/versions.sql.js';
import type { WorkHandler } from '../work/work-queue.js';
import { readdressedProvenance } from './fhir/readdressed-provenance.js';
import { lockReportOf, reportsOfStudies } from './reports.sql.js';
import { studyFailed } from '../archive/study-failed.js';

/**
 * Lets the reports of a study be about its patient of now, when that became another (work kind `study-changed`). Nothing was
 * read anew: what they say stays, and so does when they were issued.
 */
export class FollowPatient implements WorkHandler {
  readonly kind = STUDY_CHANGED;
  readonly concurrency = 1;
  readonly attempts = 8;

  constructor(
    private readonly studies: Studies,
    private readonly studyRecords: StudyRecords,
    private readonly records: Records,
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const [study] = await this.studies.byRow(ownCaller(), [Number(subject)]);
    if (study === undefined) return; // deleted meanwhile
    const reference = `Patient/${patientResourceId(storedDataset(study.attributes), study.studyInstanceUID)}`;
    return (tx) => this.follow(tx, study.id, reference, new Date());
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    await studyFailed(tx, Number(subject), { kind: this.kind }, faultCode);
  }

  private async follow(tx: Transaction, studyRow: number, reference: string, now: Date): Promise<void> {
    for (const { id } of await reportsOfStudies(tx, ownCaller(), [studyRow])) {
      await lockReportOf(tx, id); // no version is issued meanwhile, and nobody reviews it
      const about = (await this.resources(tx, id)).filter(({ subject }) => subject?.reference !== reference);
      if (about.length === 0) continue;
      await this.studyRecords.write(tx, studyRow, now); // whom they refer to
      const written = await this.records.write(
        tx,
        about.map((resource) => ({ ...resource, subject: { reference } })),
        now,
      );
      const report = written.find(({ type }) => type === 'DiagnosticReport');
      const before = about.flatMap(({ subject }) => subject?.reference ?? []);
      if (report !== undefined) await this.tell(tx, report, { before, reference }, now);
    }
  }

  /** What a person has signed was signed for whom it was about then: that it is about another now is said, and by whom. */
  private async tell(
    tx: Transaction,
    { id, version }: VersionRow,
    { before, reference }: { readonly before: readonly string[]; readonly reference: string },
    now: Date,
  ): Promise<void> {
    await this.records.write(tx, [readdressedProvenance(id, version, now)], now);
    await appendRecords(tx, [
      {
        actor: 'wetread',
        action: 'report.readdressed',
        entity: { type: 'DiagnosticReport', id, version },
        changes: { subject: reference },
        reason: '',
        patients: [...new Set([...before, reference].map((one) => one.replace('Patient/', '')))], // whose it was, and whose it is
      },
    ]);
  }

  /** A report and its observations. */
  private async resources(tx: Transaction, id: string): Promise<((DiagnosticReport | Observation) & { id: string })[]> {
    const report = await this.records.current<DiagnosticReport>(tx, 'DiagnosticReport', id);
    if (report === undefined) return [];
    const results = (report.result ?? []).map(({ reference = '' }) => reference.replace('Observation/', ''));
    const observations = await Promise.all(results.map((one) => this.records.current<Observation>(tx, 'Observation', one)));
    return [report, ...observations.filter((one) => one !== undefined)];
  }
}
