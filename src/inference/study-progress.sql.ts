import type { Transaction } from '../database/transaction.js';

/** Models began to read a study, or are done; the payload is the study's row. */
export const STUDY_PROGRESS = 'study_progress';

export const tellProgress = (tx: Transaction, studyRow: string) =>
  tx.rows(`SELECT pg_notify('${STUDY_PROGRESS}', $1)`, [studyRow], 'inference.tell-progress');
