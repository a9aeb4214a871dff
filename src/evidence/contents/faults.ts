import { Fault } from '../../faults.js';

/** What is told of a study does not fit together: no package is made that would say two things. */
export class StudyFileContradictory extends Fault {
  readonly code = 'study-file-contradictory';
  readonly status = 422;

  /** @param message  what does not fit, without a case's or a person's name */
  constructor(
    message: string,
    readonly keys: readonly string[] = [],
  ) {
    super(message);
  }
}
