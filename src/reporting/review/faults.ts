import { Fault } from '../../faults.js';
import type { Decision, ReportStatus } from '../report-status.js';

/** A client wrote the report: it edits it, nobody reviews it here. */
export class ReportNotOurs extends Fault {
  readonly code = 'report-not-ours';
  readonly status = 409;

  constructor() {
    super('This report was not made by this server: it is edited, not reviewed.');
  }
}

/** The report's life has no such step. */
export class ReviewImpossible extends Fault {
  readonly code = 'review-impossible';
  readonly status = 409;

  constructor(decision: Decision, status: ReportStatus) {
    super(`Nobody can ${decision} a report that is ${status}.`);
  }
}

/** Something that the decision needs is not said, or something is said that it has no use for. */
export class ReviewIncomplete extends Fault {
  readonly code = 'review-incomplete';
  readonly status = 422;

  constructor(
    readonly parameter: string,
    words: string,
  ) {
    super(`${parameter} ${words}.`);
  }
}

/** Who reviewed, or for whom, is nobody that this server knows. */
export class ReviewerUnknown extends Fault {
  readonly code = 'reviewer-unknown';
  readonly status = 422;

  constructor(type: string) {
    super(`There is no such ${type} here: a report is signed by somebody who is known.`);
  }
}

/** Somebody would sign in another's name. */
export class ReviewerNotCaller extends Fault {
  readonly code = 'reviewer-not-caller';
  readonly status = 403;

  constructor() {
    super('A report is signed by the person whom the access token is of: the reviewer must be its fhirUser.');
  }
}
