import { Fault } from '../../../faults.js';

/** The patch is none, or does not fit the resource: nothing was changed. */
export class PatchFailed extends Fault {
  readonly code = 'patch-failed';
  readonly status = 422;

  constructor(why: string) {
    super(`The patch ${why}.`);
  }
}
