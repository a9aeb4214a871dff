import { Fault } from '../faults.js';

/** A workitem request that is against the rules of PS3.4 Annex CC; `upsStatus` is the DIMSE status that says the same. */
export abstract class WorklistFault extends Fault {
  /** PS3.4 tables CC.2.1-2, CC.2.2-2 and CC.2.6-2. */
  readonly upsStatus: number | undefined = undefined;
  /** The text that PS3.18 section 11 has for the Warning header. */
  readonly warning: string | undefined = undefined;
}

const tags = (given: readonly string[]): string => given.map((tag) => `(${tag.slice(0, 4)},${tag.slice(4)})`).join(' ');

/** Attributes that must have a value have none (PS3.4 Table CC.2.5-3, type 1). */
export class MissingAttributes extends WorklistFault {
  readonly code = 'missing-attributes';
  readonly status = 400;
  override readonly upsStatus = 0x0120;

  constructor(readonly missing: readonly string[]) {
    super(`The workitem must have values for ${tags(missing)}.`);
  }
}

/** An attribute has a value that it cannot have here. */
export class BadAttributeValue extends WorklistFault {
  readonly code = 'bad-attribute-value';
  readonly status = 400;
  override readonly upsStatus = 0x0106;

  constructor(tag: string, why: string) {
    super(`The attribute ${tags([tag])} ${why}.`);
  }
}

/** Attributes that only creation, or only the server, sets (PS3.4 Table CC.2.5-3, N-SET). */
export class UnchangeableAttributes extends WorklistFault {
  readonly code = 'unchangeable-attributes';
  readonly status = 400;
  override readonly upsStatus = 0x0105;

  constructor(given: readonly string[]) {
    super(`An update cannot change ${tags(given)}.`);
  }
}

/** A workitem is created SCHEDULED, and nothing else (PS3.4 CC.2.5.3). */
export class NotScheduled extends WorklistFault {
  readonly code = 'not-scheduled';
  readonly status = 400;
  override readonly upsStatus = 0xc309;

  constructor() {
    super('The Procedure Step State of a new workitem must be SCHEDULED.');
  }
}

/** The UID of the new workitem is taken. */
export class WorkitemExists extends WorklistFault {
  readonly code = 'workitem-exists';
  readonly status = 409;
  override readonly upsStatus = 0x0111;

  constructor() {
    super('There is a workitem of this UID already.');
  }
}

/** There is no such workitem. */
export class WorkitemAbsent extends WorklistFault {
  readonly code = 'workitem-absent';
  readonly status = 404;
  override readonly upsStatus = 0xc307;

  constructor() {
    super('There is no workitem of this UID.');
  }
}

const INCONSISTENT = 'The submitted request is inconsistent with the current state of the UPS Instance.';

/** What a state does not allow: each with the status that PS3.4 has for it. */
const REFUSALS = {
  'workitem-final': [0xc300, 'The workitem is COMPLETED or CANCELED and may no longer be changed.'],
  'workitem-in-progress': [0xc302, 'The workitem is already IN PROGRESS.'],
  'workitem-never-scheduled-again': [0xc303, 'A workitem becomes SCHEDULED by its creation only.'],
  'workitem-not-in-progress': [0xc310, 'The workitem is not yet IN PROGRESS.'],
  'workitem-completed': [0xc311, 'The workitem is already COMPLETED.'],
} as const;

/** The request does not fit the workitem's state (PS3.4 CC.1.1). */
export class InconsistentState extends WorklistFault {
  readonly status = 409;
  override readonly upsStatus: number;
  override readonly warning = INCONSISTENT;

  constructor(readonly code: keyof typeof REFUSALS) {
    super(REFUSALS[code][1]);
    this.upsStatus = REFUSALS[code][0];
  }
}

/** Only who took the workitem may change it: by the Transaction UID that was given then (PS3.4 CC.1.1). */
export class WrongTransaction extends WorklistFault {
  readonly code = 'wrong-transaction-uid';
  readonly status = 409;
  override readonly upsStatus = 0xc301;
  override readonly warning: string;

  constructor(given: string | undefined) {
    const what = `The Transaction UID is ${given === undefined ? 'missing' : 'incorrect'}.`;
    super(what);
    this.warning = what;
  }
}

/** What must be known of work that is over is not there yet (PS3.4 CC.2.5.1.1). */
export class FinalStateUnmet extends WorklistFault {
  readonly code = 'final-state-unmet';
  readonly status = 409;
  override readonly upsStatus = 0xc304;
  override readonly warning = INCONSISTENT;

  constructor(
    state: string,
    readonly missing: readonly string[],
  ) {
    super(
      `Before it can be ${state} the workitem must have values for ${missing
        .map((path) =>
          path
            .split('.')
            .map((t) => tags([t]))
            .join('.'),
        )
        .join(' ')}.`,
    );
  }
}

/** There is no such subscription to take away. */
export class SubscriptionAbsent extends WorklistFault {
  readonly code = 'subscription-absent';
  readonly status = 404;

  constructor() {
    super('There is no such subscription.');
  }
}

/** A search or filter key that cannot be matched, or a value that its attribute cannot have. */
export class BadWorkitemKey extends WorklistFault {
  readonly code = 'bad-search-key';
  readonly status = 400;

  constructor(why: string) {
    super(`A matching key ${why}.`);
  }
}
