import { Fault } from '../../faults.js';

/** A study's tables do not fit together: nothing is computed from them, since a case that is dropped quietly is a bias. */
export class TablesDisagree extends Fault {
  readonly code = 'tables-disagree';
  readonly status = 422;

  /** @param keys  the de-identified keys of the cases or readers that it is about; never part of the message */
  constructor(
    message: string,
    readonly keys: readonly string[] = [],
  ) {
    super(message);
  }
}

/** A table can not be read: a column is missing, a row is too short, a value is none of its kind. */
export class TableMalformed extends Fault {
  readonly code = 'table-malformed';
  readonly status = 422;

  /** @param row  of the file, its head being row 1 */
  constructor(
    readonly row: number,
    what: string,
  ) {
    super(`Row ${row}: ${what}`);
  }
}

/** An analysis plan says two things that can not both be done. */
export class PlanContradictory extends Fault {
  readonly code = 'plan-contradictory';
  readonly status = 422;
}
