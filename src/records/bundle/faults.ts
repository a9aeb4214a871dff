import { Fault } from '../../faults.js';

/** A Bundle that asks for nothing a server could do, or in a way that none could. */
export class BundleRefused extends Fault {
  readonly code = 'bundle-refused';
  readonly status = 400;

  constructor(
    why: string,
    /** FHIRPath of what is wrong. */
    readonly expression = 'Bundle',
  ) {
    super(`The Bundle ${why}.`);
  }
}

/** A transaction that was rolled back whole, for what one of its entries met. */
export class EntryFailed extends Fault {
  readonly code: string;
  readonly status: number;

  constructor(
    readonly entry: number,
    readonly fault: Fault,
  ) {
    super(`Entry ${entry} of the transaction failed, so nothing of it was done: ${fault.message}`);
    this.code = fault.code;
    this.status = fault.status;
  }
}

/** What a Bundle reads is more than one answer holds. */
export class AnswerTooLarge extends Fault {
  readonly code = 'answer-too-large';
  readonly status = 422;

  constructor() {
    super('All that the Bundle reads is more than one answer holds: ask for this in another.');
  }
}
