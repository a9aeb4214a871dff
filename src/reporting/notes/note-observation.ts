import type { Observation } from 'fhir/r4.js';
import { narrative } from '../../records/narrative.js';

/** LOINC's code of a comment that stands by itself. */
export const NOTE = { system: 'http://loinc.org', code: '48767-8', display: 'Annotation comment [Interpretation] Narrative' } as const;

/** What a person wants noted. */
export interface NewNote {
  readonly text: string;
  /** `ImagingStudy/…` or `DiagnosticReport/…` */
  readonly about: string;
  /** Id of the Patient whom it is of. */
  readonly patientId: string;
  /** `Practitioner/…` or `PractitionerRole/…`; undefined where the author is known by the ledger alone. */
  readonly author: string | undefined;
}

/**
 * A note as an Observation whose `focus` is what it is about. R4 has no Annotation resource; ImagingStudy and DiagnosticReport are
 * the server's own, and what was signed is not written into; a Communication can't be searched by what it is about (R4 has no
 * search parameter for `about`), an Observation can, by `focus`. It lies in the patient's compartment, has versions, and an app of
 * the author's may correct it like any other resource.
 */
export const noteObservation = ({ text, about, patientId, author }: NewNote, now: Date): Observation => ({
  resourceType: 'Observation',
  text: narrative('Note', text),
  status: 'final',
  code: { coding: [NOTE], text: 'Note' },
  subject: { reference: `Patient/${patientId}` },
  focus: [{ reference: about }],
  effectiveDateTime: now.toISOString(),
  ...(author === undefined ? {} : { performer: [{ reference: author }] }),
  valueString: text,
});
