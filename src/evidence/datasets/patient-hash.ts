import { createHash } from 'node:crypto';

/**
 * By which a patient is known again without being named: SHA-256 of `wetread-patient-v1`, 0x00, the issuer of the Patient ID (0010,0021;
 * empty where there is none), 0x00, the Patient ID (0010,0020), blanks around both taken off; UTF-8, 64 hex digits. Whoever has a list of Patient IDs can
 * try them: it is a pseudonym, and stays with data of its kind.
 */
export const patientHash = (issuer: string, patientID: string): string =>
  createHash('sha256').update(`wetread-patient-v1\0${issuer.trim()}\0${patientID.trim()}`).digest('hex');

/**
 * What a patient may be known by in a training manifest: by Patient ID and issuer, and by Patient ID alone, since data sets seldom keep
 * who issued it. None where there is no Patient ID: nothing is known then.
 */
export function patientHashes(issuer: string, patientID: string): readonly string[] {
  if (patientID.trim() === '') return [];
  const alone = patientHash('', patientID);
  return issuer.trim() === '' ? [alone] : [patientHash(issuer, patientID), alone];
}
