import type { Transaction } from '../../database/transaction.js';
import type { Arm } from '../analysis/study-tables.js';

type Row<T> = T & Record<string, unknown>;

export interface AssignmentRow {
  readonly reader: string;
  readonly arm: Arm;
  readonly session: number;
  readonly place: number;
  readonly caseKey: string;
}

export const assignmentsOf = (tx: Transaction, study: string) =>
  tx.rows<Row<AssignmentRow>>(
    `SELECT reader, arm, session, place, case_key AS "caseKey" FROM validation_assignment WHERE study = $1 ORDER BY reader, session, place`,
    [study],
  );

/** What a reader reads next, and how many are left. */
export const nextOf = async (tx: Transaction, study: string, reader: string): Promise<(AssignmentRow & { left: number }) | undefined> =>
  (
    await tx.rows<Row<AssignmentRow & { left: number }>>(
      `SELECT reader, arm, session, place, case_key AS "caseKey", (count(*) OVER ())::int AS left FROM validation_assignment a
        WHERE study = $1 AND reader = $2 AND NOT EXISTS (SELECT FROM validation_reading r
                WHERE r.study = $1 AND r.reader = $2 AND r.arm = a.arm AND r.case_key = a.case_key)
        ORDER BY session, place LIMIT 1`,
      [study, reader],
      'evidence.next-reading',
    )
  )[0];

/** What of the model's answer a reader with it is shown: JSON, as it was when the model ran; undefined while it has none. */
export const shownOf = async (tx: Transaction, study: string, caseKey: string): Promise<string | undefined> =>
  (
    await tx.rows<{ shown: string }>(
      'SELECT shown FROM validation_prediction WHERE study = $1 AND case_key = $2',
      [study, caseKey],
      'evidence.shown',
    )
  )[0]?.shown;

/** Whether a reader has opened a case and not yet read it: then its image is theirs to see. */
export const isOpen = async (tx: Transaction, study: string, reader: string, caseKey: string): Promise<boolean> =>
  (
    await tx.rows<{ open: boolean }>(
      `SELECT EXISTS (SELECT FROM validation_opening o WHERE o.study = $1 AND o.reader = $2 AND o.case_key = $3
                AND NOT EXISTS (SELECT FROM validation_reading r WHERE r.study = $1 AND r.reader = $2 AND r.arm = o.arm AND r.case_key = $3)) AS open`,
      [study, reader, caseKey],
      'evidence.is-open',
    )
  )[0].open;

export interface ReadingRow {
  readonly reader: string;
  readonly arm: Arm;
  readonly caseKey: string;
  readonly rating: number | null;
  readonly clinicalAction: 0 | 1 | null;
  readonly marks: string | null;
  readonly status: 'read' | 'not-evaluable';
  readonly openedAt: Date | null;
  readonly submittedAt: Date;
  readonly seconds: number | null;
  readonly source: string;
  readonly reason: string;
}

export const readingsOfStudy = (tx: Transaction, study: string) =>
  tx.rows<Row<ReadingRow>>(
    `SELECT reader, arm, case_key AS "caseKey", rating, clinical_action AS "clinicalAction", marks, status, opened_at AS "openedAt",
            submitted_at AS "submittedAt", seconds, source, reason
       FROM validation_reading WHERE study = $1 ORDER BY reader, arm, case_key`,
    [study],
  );
