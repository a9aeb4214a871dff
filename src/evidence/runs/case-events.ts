import { patientsOfStudies } from '../../archive/patients-of-studies.js';
import type { Transaction } from '../../database/transaction.js';
import type { LedgerEvent } from '../../ledger/ledger-event.js';
import type { CaseResult } from './case-result.js';

/** The records of results, each with the Patient whose image it is: to append in the transaction that writes them. */
export async function caseEvents(tx: Transaction, results: readonly Pick<CaseResult, 'studyRow' | 'event'>[]): Promise<LedgerEvent[]> {
  const patients = new Map<number, readonly string[]>();
  for (const { studyRow } of results)
    if (studyRow !== null && !patients.has(studyRow)) patients.set(studyRow, await patientsOfStudies(tx, [studyRow]));
  return results.map(({ studyRow, event }) => ({ ...event, patients: studyRow === null ? [] : (patients.get(studyRow) ?? []) }));
}
