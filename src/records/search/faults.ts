import { Fault } from '../../faults.js';

/** A search parameter that there is none of, or a value that it cannot have (R4 search.html#errors). */
export class BadSearchParameter extends Fault {
  readonly code = 'bad-search-parameter';
  readonly status = 400;

  constructor(
    readonly parameter: string,
    why: string,
  ) {
    super(`The search parameter ${/^[A-Za-z_:.-]{1,80}$/.test(parameter) ? parameter : 'given'} ${why}.`);
  }
}

/** The search would take more of the database than one caller may. */
export class SearchTooLarge extends Fault {
  readonly code = 'search-too-large';
  readonly status = 400;

  constructor(what: string) {
    super(`The search has ${what}.`);
  }
}
