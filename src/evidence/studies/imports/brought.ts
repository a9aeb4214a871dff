import type { DicomJson } from '../../../dicom/dicom-json.js';
import type { Arm } from '../../analysis/study-tables.js';

/** What somebody brings, in one of the forms that it is taken in. */
export type Brought = { readonly form: 'csv' | 'fhir'; readonly text: string } | { readonly form: 'sr'; readonly dataset: DicomJson };

/** The case by its key, or by the SHA-256 of its image's SOP Instance UID. */
export type CaseNamed = { readonly caseKey: string } | { readonly instanceHash: string };

/** What is said of a case, and where it stands in what was brought. */
interface Said {
  readonly place: string;
  readonly of: CaseNamed;
}

/** A reading that was made elsewhere. */
export interface BroughtReading extends Said {
  /** The member's key. */
  readonly reader: string;
  readonly arm: Arm;
  readonly rating: number | null;
  readonly clinicalAction: 0 | 1 | null;
  readonly status: 'read' | 'not-evaluable';
  /** ISO 8601, in UTC. */
  readonly submittedAt: string;
  readonly reason: string;
}

export interface BroughtLabel extends Said {
  /** null: it cannot be told. */
  readonly label: 0 | 1 | null;
  readonly method: string;
}
