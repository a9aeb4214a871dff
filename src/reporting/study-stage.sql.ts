import { READ_STUDY } from '../archive/work-kinds.js';
import type { Transaction } from '../database/transaction.js';
import { FINDINGS_READY } from '../inference/work-kinds.js';
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

/** Undefined where the study is not there. */
export const studyWork = async (tx: Transaction, studyRow: number): Promise<StudyWork | undefined> =>
  (
    await tx.rows<StudyWork & Record<string, unknown>>(
      `SELECT coalesce(bool_or(w.kind = $3 AND w.state <> 'dead' OR w.state = 'running'), false) AS running,
              coalesce(bool_or(w.kind = $2 AND w.state = 'waiting'), false) AS waiting,
              coalesce(bool_or(w.state = 'dead'), false) AS dead,
              ARRAY(SELECT r.status FROM report r WHERE r.study_row = s.id) AS statuses,
              EXISTS (SELECT FROM reading g WHERE g.study_row = s.id AND g.state = 'read') AS read,
              EXISTS (SELECT FROM reading g WHERE g.study_row = s.id AND g.state <> 'read') AS unread
         FROM study s LEFT JOIN work w
           ON w.kind = $2 AND w.subject = s.id::text OR w.kind = $3 AND w.subject LIKE s.id::text || ' %'
        WHERE s.id = $1 GROUP BY s.id`,
      [studyRow, READ_STUDY, FINDINGS_READY],
      'reporting.study-work',
    )
  )[0];
