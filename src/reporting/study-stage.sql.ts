import type { Caller } from '../access/caller.js';
import { READ_STUDY } from '../archive/work-kinds.js';
import type { Transaction } from '../database/transaction.js';
import { FINDINGS_READY } from '../inference/work-kinds.js';
import { andOpen, nameUnless } from '../records/search/open-ids.sql.js';
import type { ReportStatus } from './report-status.js';

/** What is left to do for a study, and what was made of it. */
export interface StudyWork {
  /** Models read it, or what they found is being written. */
  readonly running: boolean;
  readonly waiting: boolean;
  /** Work on it was given up. */
  readonly dead: boolean;
  readonly statuses: readonly ReportStatus[];
  /** A model has read something of it. */
  readonly read: boolean;
  /** Something of it was not read, or failed. */
  readonly unread: boolean;
}

/** With the reports that are open to the caller; undefined where the study is not there. Throws NotPermitted where none can be. */
export async function studyWork(tx: Transaction, caller: Caller, studyRow: number): Promise<StudyWork | undefined> {
  const values: unknown[] = [studyRow, READ_STUDY, FINDINGS_READY];
  const open = andOpen(caller, 'DiagnosticReport', 'r', 'r.id', values);
  return (
    await tx.rows<StudyWork & Record<string, unknown>>(
      `SELECT coalesce(bool_or(w.kind = $3 AND w.state <> 'dead' OR w.state = 'running'), false) AS running,
              coalesce(bool_or(w.kind = $2 AND w.state = 'waiting'), false) AS waiting,
              coalesce(bool_or(w.state = 'dead'), false) AS dead,
              ARRAY(SELECT r.status FROM report r WHERE r.study_row = s.id${open}) AS statuses,
              EXISTS (SELECT FROM reading g WHERE g.study_row = s.id AND g.state = 'read') AS read,
              EXISTS (SELECT FROM reading g WHERE g.study_row = s.id AND g.state <> 'read') AS unread
         FROM study s LEFT JOIN work w
           ON w.kind = $2 AND w.subject = s.id::text OR w.kind = $3 AND w.subject LIKE s.id::text || ' %'
        WHERE s.id = $1 GROUP BY s.id`,
      values,
      nameUnless(open, 'reporting.study-work'),
    )
  )[0];
}
