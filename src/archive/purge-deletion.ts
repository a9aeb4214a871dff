import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { event } from '../log.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork } from '../work/work.sql.js';
import { doomedObjects, doomObjects, forgetDeletion, lockDeletion, studiesOfDeletion } from './deletions.sql.js';
import { removeUnreferenced } from './remove-objects.js';
import type { ObjectStorage } from './storage/object-storage.js';
import { PURGE_DELETION } from './work-kinds.js';
import { patientsOfStudies } from './patients-of-studies.js';

const DAY_MS = 86_400_000;
const OBJECTS_AT_ONCE = 256;

/**
 * Ends a deletion for good when its days are over (work kind `purge-deletion`): its rows, then the objects that nothing else
 * refers to. Which objects those are is written down with the rows' end, so that a crash between the two loses none.
 */
export class PurgeDeletion implements WorkHandler {
  readonly kind = PURGE_DELETION;
  readonly concurrency = 1;
  readonly attempts = 1_000_000; // the store may be away for long; what is to be removed must not be forgotten

  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
    private readonly limits: { readonly purgeAfterDays: number },
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const due = await this.database.transaction((tx) => this.forget(tx, Number(subject)));
    // The days may have been made more since it was deleted.
    if (due > 0) return (tx) => enqueueWork(tx, this.kind, [subject], due).then(() => undefined);
    await asServer(() => this.removeDoomed());
  }

  private async removeDoomed(): Promise<void> {
    for (;;) {
      const doomed = await this.database.statement((tx) => doomedObjects(tx, OBJECTS_AT_ONCE));
      if (doomed.length === 0) return;
      await removeUnreferenced(this.database, this.storage, doomed);
      event('archive.objects-removed', { objects: doomed.length });
    }
  }

  async gaveUp(): Promise<void> {
    // Never: its attempts do not end.
  }

  /** Forgets a deletion whose days are over; answers the seconds until they are, 0 where it is done. */
  private async forget(tx: Transaction, deletion: number): Promise<number> {
    const row = await lockDeletion(tx, deletion);
    if (!row) return 0; // restored, or forgotten by an attempt before this
    const left = row.deletedAt.getTime() + this.limits.purgeAfterDays * DAY_MS - Date.now();
    if (left > 0) return Math.ceil(left / 1_000);
    const patients = await patientsOfStudies(tx, await studiesOfDeletion(tx, deletion));
    await doomObjects(tx, deletion);
    await forgetDeletion(tx, deletion);
    await appendRecords(tx, [
      {
        actor: 'wetread',
        action: 'data.purged',
        entity: { type: 'deletion', id: String(deletion) },
        changes: { level: row.level, instances: row.instances, bytes: row.bytes, deletedBy: row.deletedBy },
        reason: row.reason,
        patients,
      },
    ]);
    return 0;
  }
}
