import type { ToldRecord } from './told-record.js';

/** What a patient is told of how it was done: kinds and numbers, nothing that was written by hand. */
const TOLD_CHANGES: ReadonlySet<string> = new Set(['what', 'interaction', 'status', 'code', 'parameters', 'keys']);

/**
 * A record as the patient is told it whose data it was: of other people it says nothing. What was asked for and the caller's words for
 * why may name them, and are left out; so are other Patients, and the id of what is not about this patient alone.
 */
export function ownRecord(record: ToldRecord, patient: string): ToldRecord {
  const { event, columns } = record;
  const isAlone = columns.patients.every((id) => id === patient) && (columns.entityType !== 'Patient' || columns.entityId === patient);
  return {
    id: record.id,
    isPartial: true,
    event: {
      ...event,
      ...(event.who && { who: { ...event.who, fhirUser: ofOthers(event.who.fhirUser, patient) ? undefined : event.who.fhirUser } }),
      changes: Object.fromEntries(Object.entries(event.changes).filter(([name]) => TOLD_CHANGES.has(name))),
      reason: '',
    },
    columns: { ...columns, patients: [patient], ...(!isAlone && { entityId: '' }) },
    sealed: {},
  };
}

/** Whether an agent is somebody else than the patient, and no member of the staff. */
const ofOthers = (fhirUser: string | undefined, patient: string): boolean =>
  fhirUser !== undefined && fhirUser !== `Patient/${patient}` && /^(Patient|RelatedPerson|Person)\//.test(fhirUser);
