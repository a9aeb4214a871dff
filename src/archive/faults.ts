import { Fault } from '../faults.js';

/** The SOP Instance UID is taken by other bytes: the first stays, the second is refused. */
export class InstanceConflict extends Fault {
  readonly code = 'instance-conflict';
  readonly status = 409;

  constructor() {
    super('This SOP Instance UID is already stored with other content.');
  }
}

/** The instance belongs to another study than the one the request named. */
export class StudyMismatch extends Fault {
  readonly code = 'study-mismatch';
  readonly status = 409;

  constructor() {
    super('The Study Instance UID of the instance is not the one the request named.');
  }
}

/** The study that the server made this of was deleted meanwhile. */
export class StudyGone extends Fault {
  readonly code = 'study-gone';
  readonly status = 409;

  constructor() {
    super('The study that this belongs to was deleted.');
  }
}

/** Too little room is left to store safely. */
export class OutOfSpace extends Fault {
  readonly code = 'out-of-space';
  readonly status = 507;

  constructor() {
    super('The server has too little free space to store instances safely.');
  }
}

/** There is no such study, series or instance, or the caller may not know of it. */
export class NotInArchive extends Fault {
  readonly code = 'not-in-archive';
  readonly status = 404;

  constructor(readonly what: 'study' | 'series' | 'instance' | 'frame' | 'bulk data') {
    super(`There is no such ${what}.`);
  }
}

/** The store of the objects is away or does not answer in time; what was asked may be asked again. */
export class StorageAway extends Fault {
  readonly code = 'storage-away';
  readonly status = 503;

  constructor() {
    super('The object store does not answer at the moment. Try again shortly.');
  }
}

/** The index knows the instance, but its bytes are not in the store: damage, which the scrubber reports too. */
export class ObjectMissing extends Fault {
  readonly code = 'object-missing';
  readonly status = 500;

  constructor() {
    super('The stored bytes of this instance are missing.');
  }
}

/** The store cannot be used as it is set up: says what a person can mend. Ends the start. */
export class StoreUnusable extends Error {}

/** There is no such deletion any more: restored, purged, or never there. */
export class NothingToRestore extends Fault {
  readonly code = 'nothing-to-restore';
  readonly status = 404;

  constructor() {
    super('There is no such deletion, or it was restored or purged already.');
  }
}

/** A retention run that cannot be executed. */
export class RunNotExecutable extends Fault {
  readonly code = 'run-not-executable';
  readonly status = 409;

  constructor(why: string) {
    super(`This retention run cannot be executed: ${why}.`);
  }
}
