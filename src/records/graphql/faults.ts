import { Fault } from '../../faults.js';

/** A reference leads to nothing that is here, and `optional: true` was not said (R4 graphql.html, "Resolving references"). */
export class ReferenceUnresolved extends Fault {
  readonly code = 'reference-unresolved';
  readonly status = 404;

  constructor() {
    super('The reference leads to no resource of this server.');
  }
}

/** A field or directive has an argument that it can't have. */
export class BadGraphArgument extends Fault {
  readonly code = 'bad-argument';
  readonly status = 400;

  constructor(name: string, why: string) {
    super(`The argument ${name} ${why}.`);
  }
}

/** @singleton stands where there are several values. */
export class NoSingleton extends Fault {
  readonly code = 'no-singleton';
  readonly status = 400;

  constructor() {
    super('A field with @singleton has more than one value.');
  }
}

/** The query would take more of the server than one caller may. */
export class GraphTooLarge extends Fault {
  readonly code = 'QUERY_TOO_LARGE';
  readonly status = 400;

  constructor(what: string) {
    super(`The query asks for ${what}.`);
  }
}
