import type { Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { imagingStudyId } from './fhir/imaging-study.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { by } from '../ledger/ledger-event.js';
import { event } from '../log.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { instanceRowsOf, seriesRowsOf } from './change-attributes.sql.js';
import {
  copyParents,
  deletions,
  forgetDeletion,
  insertDeletion,
  lockDeletion,
  moveInstances,
  removeEmpty,
  rowsAt,
  type DeletionRow,
} from './deletions.sql.js';
import { NotInArchive, NothingToRestore } from './faults.js';
import { closeStudy } from './gates.sql.js';
import { heldGroups } from './held-texts.js';
import { dropRestored, restoreInstances, restoreSeries, restoreStudy, rowsOfDeletion } from './restore.sql.js';
import { patientsOfStudies } from './patients-of-studies.js';
import type { ArchivePath } from './retrieve.sql.js';
import { takeOverChanges } from './take-over-changes.js';
import { PURGE_DELETION, READ_STUDY, STUDY_RECORDS } from './work-kinds.js';

const DAY_SECONDS = 86_400;
const LISTED = 1_000;

/** What a deletion took away, or a restoration brought back. */
export interface MovedInstances {
  readonly deletion: number;
  readonly instances: number;
}

/**
 * Takes studies, series and instances out of the archive, softly: at once nothing finds them any more, and until they are
 * purged they can be brought back. Stored again meanwhile they are new; what was deleted stays deleted beside them.
 */
export class Deletions {
  constructor(
    private readonly database: Database,
    private readonly limits: { readonly purgeAfterDays: number },
  ) {}

  /** Deletes all that lies at a path. Throws OperationNotPermitted, NotInArchive. */
  async delete(caller: Caller, path: ArchivePath, reason: string): Promise<MovedInstances> {
    requireOperation(caller, 'archive.delete');
    return this.database.transaction((tx) => this.move(tx, caller, path, reason));
  }

  /** The same in another transaction, which must close no other study. */
  async move(tx: Transaction, caller: Caller, path: ArchivePath, reason: string): Promise<MovedInstances> {
    const level = levelOf(path);
    await closeStudy(tx, path.study); // what is being stored into it now comes after this, into a study made anew
    const rows = await rowsAt(tx, path);
    if (rows.length === 0) throw new NotInArchive(level);
    const [{ studyRow }] = rows;
    const seriesRows = [...new Set(rows.map(({ seriesRow }) => seriesRow))];
    const patients = await patientsOfStudies(tx, [studyRow]);
    const deletion = await insertDeletion(tx, { level, studyInstanceUID: path.study, deletedBy: caller.id, reason });
    await copyParents(tx, deletion, studyRow, seriesRows);
    for (const some of heldGroups(rows)) await moveInstances(tx, deletion, some);
    await removeEmpty(tx, studyRow, seriesRows);
    const entityRow = { study: studyRow, series: seriesRows[0], instance: rows[0].id }[level];
    await appendRecords(tx, [
      {
        ...by(caller),
        action: 'data.deleted',
        entity: { type: level, id: String(entityRow) },
        changes: {
          deletion,
          study: studyRow,
          imagingStudy: imagingStudyId(path.study),
          series: seriesRows.length,
          instances: rows.length,
          bytes: sum(rows),
        },
        reason,
        patients,
      },
    ]);
    await changed(tx, STUDY_RECORDS, studyRow);
    await enqueueWork(tx, PURGE_DELETION, [String(deletion)], this.limits.purgeAfterDays * DAY_SECONDS);
    event('archive.deleted', { deletion, level, instances: rows.length });
    return { deletion, instances: rows.length };
  }

  /**
   * Brings back what a deletion took away. An instance whose UID was taken by other bytes meanwhile stays deleted.
   * Throws OperationNotPermitted, NothingToRestore.
   */
  async restore(caller: Caller, deletion: number): Promise<MovedInstances & { readonly left: number }> {
    requireOperation(caller, 'archive.delete');
    return this.database.transaction(async (tx) => {
      const row = await lockDeletion(tx, deletion);
      if (!row) throw new NothingToRestore();
      await closeStudy(tx, row.studyInstanceUID);
      const studyRow = await restoreStudy(tx, deletion);
      await restoreSeries(tx, deletion, studyRow);
      let instances = 0;
      for (const some of heldGroups(await rowsOfDeletion(tx, deletion))) instances += await restoreInstances(tx, deletion, studyRow, some);
      await takeOverChanges(tx, { instances: await instanceRowsOf(tx, studyRow), series: await seriesRowsOf(tx, studyRow) });
      const left = await dropRestored(tx, deletion);
      if (left === 0) await forgetDeletion(tx, deletion);
      // A study or series that came back for instances that did not: nothing is to be found in it.
      await removeEmpty(tx, studyRow, await seriesRowsOf(tx, studyRow));
      await appendRecords(tx, [
        {
          ...by(caller),
          action: 'data.restored',
          entity: { type: 'study', id: String(studyRow) },
          changes: { deletion, instances, left },
          reason: '',
          patients: await patientsOfStudies(tx, [studyRow]),
        },
      ]);
      await changed(tx, STUDY_RECORDS, studyRow);
      await changed(tx, READ_STUDY, studyRow);
      event('archive.restored', { deletion, instances, left });
      return { deletion, instances, left };
    });
  }

  /** Deletions that can still be taken back, newest first. */
  list(caller: Caller, studyInstanceUID?: string): Promise<DeletionRow[]> {
    requireOperation(caller, 'archive.delete');
    return this.database.statement((tx) => deletions(tx, studyInstanceUID, LISTED));
  }
}

const levelOf = (path: ArchivePath): 'study' | 'series' | 'instance' =>
  path.instance !== undefined ? 'instance' : path.series !== undefined ? 'series' : 'study';

const sum = (rows: readonly { readonly bytes: number }[]): number => rows.reduce((total, { bytes }) => total + bytes, 0);

async function changed(tx: Transaction, kind: string, studyRow: number): Promise<void> {
  await enqueueWork(tx, kind, [String(studyRow)]);
  await wakeWorkers(tx, kind);
}
