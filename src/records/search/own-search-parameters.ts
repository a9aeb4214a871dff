import type { ServedType } from '../served-types.js';

/** A search parameter of a reference that R4 lacks. */
export interface OwnSearchParameter {
  /** Its canonical. */
  readonly url: string;
  readonly publisher: string;
  readonly base: ServedType;
  readonly name: string;
  readonly expression: string;
  readonly targets: readonly ServedType[];
  readonly description: string;
}

/**
 * What R4 lacks and IHE RAD IMR asks of whoever answers RAD-143 (Imaging Diagnostic Report, Find Reports): a report by its
 * study, and `basedOn` beside R4's own `based-on`; and whose a Binary is, by which the record of accesses names the patient.
 */
export const OWN_SEARCH_PARAMETERS: readonly OwnSearchParameter[] = [
  {
    url: 'https://profiles.ihe.net/RAD/IMR/SearchParameter/DiagnosticReport-ImagingStudy',
    publisher: 'IHE Radiology',
    base: 'DiagnosticReport',
    name: 'imagingStudy',
    expression: 'DiagnosticReport.imagingStudy',
    targets: ['ImagingStudy'],
    description: 'Reports by the imaging study that they are about.',
  },
  {
    url: 'urn:wetread:search-parameter:DiagnosticReport-basedOn',
    publisher: 'wetread',
    base: 'DiagnosticReport',
    name: 'basedOn',
    expression: 'DiagnosticReport.basedOn',
    targets: ['ServiceRequest'],
    description: 'Reports by the order that they answer, as IHE RAD IMR names it; the same as R4’s based-on of a ServiceRequest.',
  },
  {
    url: 'urn:wetread:search-parameter:Binary-securityContext',
    publisher: 'wetread',
    base: 'Binary',
    name: 'securityContext',
    expression: 'Binary.securityContext',
    targets: ['Patient'],
    description: 'Binaries by the patient to whom their security context says that they belong (R4 binary.html#security).',
  },
];
