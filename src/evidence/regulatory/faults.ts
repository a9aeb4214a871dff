import { Fault } from '../../faults.js';

/** What a record of the regulatory file was to hold is not what its type has. The message names the place and what is wrong there. */
export class UnfitContent extends Fault {
  readonly code = 'unfit-content';
  readonly status = 422;

  /** @param path  where, as in `decision.mdr.class`; empty for the whole of it */
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(path === '' ? `The content ${problem}.` : `The content's ${path} ${problem}.`);
  }
}

/** What is said beside a record's content is not what it must be. */
export class UnfitRecord extends Fault {
  readonly code = 'unfit-record';
  readonly status = 400;

  /** @param path  a member of the request; empty for the whole of it */
  constructor(path: string, problem: string) {
    super(path === '' ? `The request ${problem}.` : `The request's ${path} ${problem}.`);
  }
}

/** The regulatory file has no records of such a type. */
export class RecordTypeUnknown extends Fault {
  readonly code = 'record-type-unknown';
  readonly status = 404;

  constructor(known: readonly string[]) {
    super(`The regulatory file has records of the types ${known.join(', ')}, and of no other.`);
  }
}

/** There is no such record, or no such version of it. */
export class RegulatoryRecordAbsent extends Fault {
  readonly code = 'record-absent';
  readonly status = 404;

  constructor() {
    super('The regulatory file has no such record, or no such version of it.');
  }
}

/** The id is another record's of the type: a change of that one is its next version. */
export class RegulatoryRecordExists extends Fault {
  readonly code = 'record-exists';
  readonly status = 409;

  constructor() {
    super('The regulatory file has a record of this type and id: a change of it is its next version.');
  }
}

/** The version that was looked at is not the newest: somebody wrote another meanwhile, or none was named. */
export class RecordMovedOn extends Fault {
  readonly code = 'record-moved-on';
  readonly status = 412;

  constructor() {
    super('A next version is written by who names the newest one (If-Match): it is another, or none was named.');
  }
}

/** A content refers to a record that is not there so. */
export class ReferenceUnmet extends Fault {
  readonly code = 'reference-unmet';
  readonly status = 422;

  constructor(path: string) {
    super(`The content's ${path} refers to a version of a record that the regulatory file does not have with that SHA-256.`);
  }
}

/** A record is to be made of a model that this server does not read with. */
export class ModelNotHere extends Fault {
  readonly code = 'model-not-here';
  readonly status = 422;

  constructor() {
    super('This server reads with no model of this name and version.');
  }
}

/** The model's file is another one than was stated. */
export class ModelFileDiffers extends Fault {
  readonly code = 'model-file-differs';
  readonly status = 422;

  constructor() {
    super("The model's file has another SHA-256 than was stated.");
  }
}

/** A decision says other than the rules suggest, or the rules disagree among themselves, and nobody said why. */
export class DepartureUnexplained extends Fault {
  readonly code = 'departure-unexplained';
  readonly status = 422;

  /** @param why  in which way it departs */
  constructor(
    readonly scheme: string,
    why: string,
  ) {
    super(`The decision of ${scheme} needs a written reason: ${why}.`);
  }
}
