import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { patientsOfStudies } from './patients-of-studies.js';

/** Puts on record that the server's own work on a study was given up, and of whom the study is. @param changes  which work it was */
export const studyFailed = async (
  tx: Transaction,
  studyRow: number,
  changes: Readonly<Record<string, unknown>>,
  faultCode: string,
): Promise<void> =>
  appendRecords(tx, [
    {
      actor: 'wetread',
      action: 'study.failed',
      entity: { type: 'study', id: String(studyRow) },
      changes,
      reason: faultCode,
      patients: await patientsOfStudies(tx, [studyRow]),
    },
  ]);
