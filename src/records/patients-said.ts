import { patientsOf } from './search/compartment-patients.js';
import { indexRows } from './search/extract.js';
import type { VersionRow } from './store/versions.sql.js';

/** Ids of the Patients whom a version is about by what it says itself: now its resource may be about others, or be gone. */
export function patientsSaid({ type, id, content, deleted }: Pick<VersionRow, 'type' | 'id' | 'content' | 'deleted'>): string[] {
  if (deleted) return [];
  return patientsOf(type, id, indexRows(JSON.parse(content) as { resourceType: string })); // the store holds valid resources
}

/** A version with the Patients whom it is about. */
export const withPatients = <Row extends VersionRow>(row: Row): Row => ({ ...row, patients: patientsSaid(row) });
