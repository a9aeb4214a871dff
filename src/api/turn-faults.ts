import { Fault } from '../faults.js';

/** A caller asks for more at once than is made for one. */
export class TooManyOperations extends Fault {
  readonly code = 'TOO_MANY_OPERATIONS';
  readonly status = 429;

  constructor(atOnce: number, waiting: number) {
    super(`A caller has ${atOnce} operations answered at once, and ${waiting} that wait: take the answers, then ask again.`);
  }
}

/** Whoever asked is not there any more: nothing is made for them. */
export class CallerGone extends Fault {
  readonly code = 'caller-gone';
  readonly status = 503;

  constructor() {
    super('The connection was closed before the answer was made.');
  }
}
