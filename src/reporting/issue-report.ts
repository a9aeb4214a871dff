import { ownCaller } from '../database/own-caller.js';
import { createHash } from 'node:crypto';
import { imagingStudyId } from '../archive/fhir/imaging-study.js';
import { patientResourceId } from '../archive/fhir/patient.js';
import { storedDataset, type Studies } from '../archive/studies.js';
import type { StudyRecords } from '../archive/study-records.js';
import type { Transaction } from '../database/transaction.js';
import type { Models } from '../inference/models.js';
import { PART_OF_READING } from '../inference/reading.js';
import type { Readings } from '../inference/readings.js';
import type { ReadingRow } from '../inference/readings.sql.js';
import type { LoadedModel } from '../inference/registry.js';
import { FINDINGS_READY, parseFindingsSubject } from '../inference/work-kinds.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import type { Records } from '../records/records.js';
import { resourceId } from '../records/resource-id.js';
import { SOFTWARE_VERSION } from '../version.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { ModelGone } from './faults.js';
import { reportResources } from './fhir/report-resources.js';
import { draftReport, type PreliminaryReport, type ReportDraft } from './preliminary-report.js';
import { lockReport, lockReportOf, moveReport, writeReport, type ReportRow, type StoredFinding } from './reports.sql.js';
import { REPORT_OBJECTS } from './work-kinds.js';
import { studyFailed } from '../archive/study-failed.js';

/** Makes the one report of a study by a model version, or its next version (work kind `findings-ready`). */
export class IssueReport implements WorkHandler {
  readonly kind = FINDINGS_READY;
  readonly concurrency = 2;
  readonly attempts = 5;

  constructor(
    private readonly studies: Studies,
    private readonly studyRecords: StudyRecords,
    private readonly readings: Readings,
    private readonly models: Models,
    private readonly records: Records,
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const { studyRow, modelName, modelVersion } = parseFindingsSubject(subject);
    if ((await this.studies.byRow(ownCaller(), [studyRow])).length === 0) return; // deleted meanwhile: restored, it is read again
    const model = this.models.find(modelName, modelVersion);
    if (!model) throw new ModelGone();
    const readings = await this.readingsBy(model, studyRow);
    const draft = await this.draft(model, studyRow, readings);
    return (tx) => this.issue(tx, studyRow, draft, digestOf(readings));
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    const { studyRow, modelName, modelVersion } = parseFindingsSubject(subject);
    await studyFailed(tx, studyRow, { kind: this.kind, modelName, modelVersion }, faultCode);
  }

  /** The readings of a study by these very bytes of a model: another graph under the same version is another reader. */
  async readingsBy({ card, sha256 }: LoadedModel, studyRow: number): Promise<ReadingRow[]> {
    return (await this.readings.ofStudies(ownCaller(), [studyRow])).filter(
      (one) => one.modelName === card.name && one.modelVersion === card.version && one.modelSha256 === sha256,
    );
  }

  /** What the readings come to; also for the forms that are made after the report is issued. */
  async draft(model: LoadedModel, studyRow: number, readings: readonly ReadingRow[]): Promise<ReportDraft> {
    const [study] = await this.studies.byRow(ownCaller(), [studyRow]);
    const attributes = storedDataset(study.attributes);
    const { studyInstanceUID } = study;
    return draftReport({
      softwareVersion: SOFTWARE_VERSION,
      model: model.card,
      study: {
        studyInstanceUID,
        attributes,
        patientId: patientResourceId(attributes, studyInstanceUID),
        imagingStudyId: imagingStudyId(studyInstanceUID),
      },
      images: readings.flatMap(({ reading }) => reading ?? []),
      notRead: readings.filter(({ state, reasonCode }) => state !== 'read' && reasonCode !== PART_OF_READING).length,
    });
  }

  /**
   * The last report of the same study by the same model from before it was deleted for good and stored again: its ids are the
   * same, so its life goes on. Undefined where there was none.
   */
  private async adopted(tx: Transaction, studyRow: number, draft: ReportDraft): Promise<ReportRow | undefined> {
    let last: ReportRow | undefined;
    for (let cycle = 1; ; cycle++) {
      const found = await lockReportOf(tx, reportId(draft, cycle));
      if (found === undefined) return last;
      await moveReport(tx, found.id, studyRow);
      last = found;
    }
  }

  /** One transaction: the row that the unique key guards, the FHIR resources, the ledger, and what follows. */
  private async issue(tx: Transaction, studyRow: number, draft: ReportDraft, readingsDigest: string): Promise<void> {
    const { name, version } = draft.model;
    const before = (await lockReport(tx, studyRow, name, version)) ?? (await this.adopted(tx, studyRow, draft));
    if (before?.readingsDigest === readingsDigest) return; // the work ran twice; the report stands
    // What a person has reviewed stays as it was signed: what was read since is a report of its own.
    const follows = before?.status === 'preliminary' ? before : undefined;
    const cycle = follows?.cycle ?? (before?.cycle ?? 0) + 1;
    const report = { ...draft, id: reportId(draft, cycle), version: (follows?.version ?? 0) + 1, issued: new Date() };
    if (!(await writeReport(tx, { ...rowOf(report, studyRow, readingsDigest), cycle }))) return; // another worker wrote it meanwhile
    await this.studyRecords.write(tx, studyRow, report.issued);
    await this.records.write(tx, reportResources(report), report.issued);
    await appendRecords(tx, [
      {
        actor: 'wetread',
        action: 'report.issued',
        entity: { type: 'DiagnosticReport', id: report.id, version: report.version },
        changes: {
          study: String(studyRow),
          model: { name: report.model.name, version: report.model.version, sha256: report.model.sha256 },
          software: SOFTWARE_VERSION,
          readings: readingsDigest,
          findings: report.findings.map(({ modelClass, probability, verdict }) => ({
            code: modelClass.code.code,
            probability,
            verdict,
            threshold: modelClass.operatingThreshold,
          })),
        },
        reason: '',
        patients: [report.study.patientId],
      },
    ]);
    await enqueueWork(tx, REPORT_OBJECTS, [report.id]);
    await wakeWorkers(tx, REPORT_OBJECTS);
  }
}

/** What the readings say, not when they were made: 64 hex digits. */
function digestOf(readings: readonly ReadingRow[]): string {
  const said = readings.map(({ instanceRow, modelSha256, state, reasonCode, reading }) => [
    instanceRow,
    modelSha256,
    state,
    reasonCode,
    reading?.logits ?? null,
  ]);
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

const reportId = ({ study, model }: ReportDraft, cycle: number): string =>
  resourceId('DiagnosticReport', study.studyInstanceUID, model.name, model.version, ...(cycle === 1 ? [] : [String(cycle)]));

const rowOf = (report: PreliminaryReport, studyRow: number, readingsDigest: string): Omit<ReportRow, 'cycle'> => ({
  id: report.id,
  studyRow,
  modelName: report.model.name,
  modelVersion: report.model.version,
  modelSha256: report.model.sha256,
  status: 'preliminary',
  version: report.version,
  issued: report.issued,
  reviewed: null,
  readingsDigest,
  conclusion: report.conclusion,
  findings: report.findings.map(({ modelClass, probability, verdict, image }): StoredFinding => ({
    label: modelClass.label,
    code: modelClass.code.code,
    system: modelClass.code.system,
    probability,
    verdict,
    confidence: image.confidence ?? null,
    uncertainty: image.uncertainty ?? null,
    operatingThreshold: modelClass.operatingThreshold,
    sopInstanceUID: image.sopInstanceUID,
    provider: image.provider,
  })),
});
