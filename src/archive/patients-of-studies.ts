import type { Transaction } from '../database/transaction.js';
import { patientIdOf } from '../records/study-patient-id.js';
import { whoseStudies } from './studies.sql.js';

/** Ids of the Patients whom studies are of, each once, for the record of what is done with them; also of studies that are deleted and not purged. */
export const patientsOfStudies = async (tx: Transaction, studyRows: readonly number[]): Promise<string[]> => {
  const rows = await whoseStudies(tx, [...new Set(studyRows)]);
  return [...new Set(rows.map(({ whose }) => patientIdOf(whose)))];
};
