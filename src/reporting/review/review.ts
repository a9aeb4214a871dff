import type { Decision } from '../report-status.js';

/** What a person wants said of a report that they have read. */
export interface Review {
  readonly decision: Decision;
  /** The version of the DiagnosticReport that they have read. */
  readonly version: number;
  readonly reviewer: { readonly type: 'Practitioner' | 'PractitionerRole'; readonly id: string };
  /** Id of the Organization that answers for the report from now on. */
  readonly organization: string | undefined;
  /** Why it is amended or rejected. */
  readonly reason: string | undefined;
  /** What the report concludes from now on, where it is amended. */
  readonly conclusion: string | undefined;
  /** Findings that the reviewer calls otherwise, by their codes. */
  readonly findings: readonly { readonly system: string; readonly code: string; readonly present: boolean }[];
}

/** The reviewer as resources refer to them. */
export const reviewerOf = ({ reviewer: { type, id } }: Review) => ({ reference: `${type}/${id}` });
