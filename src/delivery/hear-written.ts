import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import type { PublicAddress } from '../public-address.js';
import type { Records } from '../records/records.js';
import { parseWrittenSubject, RECORD_WRITTEN } from '../records/work-kinds.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { raise } from './raise.js';
import { TOPICS, type ReportState } from './topics.js';
import { SUBSCRIPTION_CHANGED } from './work-kinds.js';

/** Hears of written versions (work kind `record-written`), one after the other: Subscriptions are greeted, reports become events. */
export class HearWritten implements WorkHandler {
  readonly kind = RECORD_WRITTEN;
  readonly concurrency = 1;
  readonly attempts = 8;

  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly address: PublicAddress,
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const { type, id, version } = parseWrittenSubject(subject);
    if (type !== 'Subscription') return this.version(type, id, version);
    return async (tx) => {
      await enqueueWork(tx, SUBSCRIPTION_CHANGED, [`${id}/${version}`]);
      await wakeWorkers(tx, SUBSCRIPTION_CHANGED);
    };
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    const { type, id, version } = parseWrittenSubject(subject);
    await appendRecords(tx, [
      { actor: 'wetread', action: 'event.lost', entity: { type, id, version }, changes: { kind: this.kind }, reason: faultCode },
    ]);
  }

  /** What a version of a report is an event of. */
  private async version(type: string, id: string, version: number): Promise<((tx: Transaction) => Promise<void>) | void> {
    const [after, before] = await this.database.statement((tx) =>
      Promise.all([
        this.records.version(tx, type, id, version),
        version === 1 ? undefined : this.records.version(tx, type, id, version - 1),
      ]),
    );
    if (after === undefined) return; // a deletion is no event of these topics
    const occurred = new Date(after.meta?.lastUpdated ?? 0);
    const raised = TOPICS.filter(
      (topic) => topic.focus === type && topic.triggers(after as ReportState, before as ReportState | undefined),
    );
    return async (tx) => {
      for (const topic of raised) await raise(tx, { topic, id, version, occurred }, this.address.fhir);
    };
  }
}
