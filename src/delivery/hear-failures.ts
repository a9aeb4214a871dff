import { imagingStudyId } from '../archive/fhir/imaging-study.js';
import type { Studies } from '../archive/studies.js';
import type { StudyRecords } from '../archive/study-records.js';
import type { Transaction } from '../database/transaction.js';
import { INFERENCE_FAILED } from '../inference/work-kinds.js';
import { event } from '../log.js';
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
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const [study] = await this.studies.byRow([Number(subject)]);
    if (study === undefined) return; // deleted meanwhile
    const now = new Date();
    return async (tx) => {
      await this.studyRecords.write(tx, study.id, now); // what the event is about must be there when it is told
      await raise(tx, topicOf(INFERENCE_FAILED_TOPIC) as Topic, imagingStudyId(study.studyInstanceUID), now);
    };
  }

  async gaveUp(_tx: Transaction, _subject: string, faultCode: string): Promise<void> {
    event('delivery.failure-not-heard', { faultCode });
  }
}
