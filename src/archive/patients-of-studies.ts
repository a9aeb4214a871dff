import type { Transaction } from '../database/transaction.js';
import { patientIdOf } from '../records/study-patient-id.js';
import { whoseDeletedStudies } from './deletions.sql.js';
import { whoseStudies } from './studies.sql.js';

/** Ids of the Patients whom studies are of, each once, for the record of what is done with them; also of studies that are deleted and not purged. */
export async function patientsOfStudies(tx: Transaction, studyRows: readonly number[]): Promise<string[]> {
  const asked = [...new Set(studyRows)];
  const living = await whoseStudies(tx, asked);
  const all = living.length === asked.length ? living : [...living, ...(await whoseDeletedStudies(tx, asked))];
  return [...new Set(all.map(({ whose }) => patientIdOf(whose)))];
}
