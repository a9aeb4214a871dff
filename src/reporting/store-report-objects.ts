import { ownCaller } from '../database/own-caller.js';
import type { Ingest } from '../archive/ingest.js';
import type { Pixels } from '../archive/pixels.js';
import { storedDataset, type Studies } from '../archive/studies.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { writePart10 } from '../dicom/part10-writer.js';
import type { Models } from '../inference/models.js';
import type { ReadingRow } from '../inference/readings.sql.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { event } from '../log.js';
import type { WorkHandler } from '../work/work-queue.js';
import { attentionCapture } from './attention-capture.js';
import { ModelGone, ObjectsNotStored } from './faults.js';
import type { IssueReport } from './issue-report.js';
import type { PreliminaryReport } from './preliminary-report.js';
import { reportsByIds } from './reports.sql.js';
import { measurementReport } from './sr/measurement-report.js';
import { REPORT_OBJECTS } from './work-kinds.js';

/** Attention maps of one report: a viewer shows a handful, and a study may have thousands of images. */
const MAXIMUM_MAPS = 32;
const MAP_EDGE = 512; // enough to see where; the overlay is made on the server's thread

/** Stores a report's DICOM forms back into its study: the SR, and an attention map for each image (work kind `report-objects`). */
export class StoreReportObjects implements WorkHandler {
  readonly kind = REPORT_OBJECTS;
  readonly concurrency = 1;
  readonly attempts = 5;

  constructor(
    private readonly archive: { readonly studies: Studies; readonly pixels: Pixels; readonly ingest: Ingest },
    private readonly database: Database,
    private readonly models: Models,
    private readonly issueReport: IssueReport,
  ) {}

  /** Every UID follows from the report and its version: stored again after a crash, they are the same instances. */
  async work(reportId: string): Promise<void> {
    const [row] = await this.database.statement((tx) => reportsByIds(tx, ownCaller(), [reportId]));
    // Deleted meanwhile: what is made of it now would bring the study back.
    if ((await this.archive.studies.byRow(ownCaller(), [row.studyRow])).length === 0) return;
    const model = this.models.find(row.modelName, row.modelVersion);
    if (!model) throw new ModelGone();
    const readings = await this.issueReport.readingsBy(model, row.studyRow);
    const draft = await this.issueReport.draft(model, row.studyRow, readings);
    const report = { ...draft, id: row.id, version: row.version, issued: row.issued };
    const outcomes = await this.archive.ingest.store(
      ownCaller(),
      this.objects(
        report,
        readings.filter(({ state }) => state === 'read'),
      ),
      { derived: true },
    );
    for (const outcome of outcomes)
      if (outcome.kind === 'refused' && outcome.fault.code !== 'study-gone') {
        // The version was stored before a reading was added to it: the first stays.
        if (outcome.fault.code !== 'instance-conflict') throw new ObjectsNotStored(outcome.fault.code);
        event('report.object-stands', { reportId, version: row.version });
      }
  }

  async gaveUp(tx: Transaction, reportId: string, faultCode: string): Promise<void> {
    await appendRecords(tx, [
      {
        actor: 'wetread',
        action: 'study.failed',
        entity: { type: 'DiagnosticReport', id: reportId },
        changes: { kind: this.kind },
        reason: faultCode,
        patients: (await reportsByIds(tx, ownCaller(), [reportId])).flatMap(({ patientId }) => patientId ?? []),
      },
    ]);
  }

  private async *objects(report: PreliminaryReport, readings: readonly ReadingRow[]): AsyncGenerator<AsyncIterable<Uint8Array>> {
    yield once(writePart10(measurementReport(report)));
    for (const { reading: image, instanceRow } of readings.slice(0, MAXIMUM_MAPS)) {
      if (!image?.attentionMap) continue;
      // None comes where it was deleted since it was read.
      for await (const instance of this.archive.studies.pixelInstances([instanceRow])) {
        const display = await this.archive.pixels.render(instance, {
          frameNumber: image.frameNumber,
          format: 'raw',
          viewport: { columns: MAP_EDGE, rows: MAP_EDGE },
        });
        const capture = attentionCapture(report, image, { dataset: storedDataset(instance.metadata), display });
        if (capture) yield once(writePart10(capture.dataset, { pixelData: capture.pixelData }));
      }
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
