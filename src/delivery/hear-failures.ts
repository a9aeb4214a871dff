import { ownCaller } from '../database/own-caller.js';
import { imagingStudyId } from '../archive/fhir/imaging-study.js';
import type { Studies } from '../archive/studies.js';
import type { StudyRecords } from '../archive/study-records.js';
import type { Transaction } from '../database/transaction.js';
import { INFERENCE_FAILED } from '../inference/work-kinds.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import type { PublicAddress } from '../public-address.js';
import type { Records } from '../records/records.js';
import type { WorkHandler } from '../work/work-queue.js';
import { raise } from './raise.js';
import { INFERENCE_FAILED_TOPIC, topicOf, type Topic } from './topics.js';

/** Hears of studies that could not be read (work kind `inference-failed`). */
export class HearFailures implements WorkHandler {
  readonly kind = INFERENCE_FAILED;
  readonly concurrency = 1;
  readonly attempts = 8;

  constructor(
    private readonly studies: Studies,
    private readonly studyRecords: StudyRecords,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const [study] = await this.studies.byRow(ownCaller(), [Number(subject)]);
    if (study === undefined) return; // deleted meanwhile
    const occurred = new Date();
    const id = imagingStudyId(study.studyInstanceUID);
    return async (tx) => {
      await this.studyRecords.write(tx, study.id, occurred); // what the event is about must be there when it is told
      const version = Number((await this.records.current(tx, 'ImagingStudy', id))?.meta?.versionId ?? 1);
      await raise(tx, { topic: topicOf(INFERENCE_FAILED_TOPIC) as Topic, id, version, occurred }, this.address.fhir);
    };
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    await appendRecords(tx, [
      { actor: 'wetread', action: 'event.lost', entity: { type: 'study', id: subject }, changes: { kind: this.kind }, reason: faultCode },
    ]);
  }
}
