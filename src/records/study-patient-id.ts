import { resourceId } from './resource-id.js';

/** What tells whose a study is: Patient ID, its issuer, and for one without a Patient ID the study itself. */
export type Whose = readonly [patientID: string, issuerOfPatientID: string | null, studyInstanceUID: string];

/** The Patient's id: by Patient ID and its issuer; a study without a Patient ID has a patient of its own, never a shared one. */
export const patientIdOf = ([patientID, issuer, studyInstanceUID]: Whose): string =>
  patientID === '' ? resourceId('Patient', 'study', studyInstanceUID) : resourceId('Patient', issuer?.trim() ?? '', patientID);
