import { Fault } from '../faults.js';

/** There is no such resource, or the caller may not know of it. */
export class RecordAbsent extends Fault {
  readonly code = 'record-absent';
  readonly status = 404;

  constructor(type: string) {
    super(`There is no ${type} of this id.`);
  }
}

/** There is no such version of it. */
export class VersionAbsent extends Fault {
  readonly code = 'version-absent';
  readonly status = 404;

  constructor(type: string) {
    super(`The ${type} has no such version.`);
  }
}

/** The resource was deleted; its earlier versions are in its history (R4 http.html#read). */
export class RecordGone extends Fault {
  readonly code = 'record-deleted';
  readonly status = 410;

  constructor(
    type: string,
    /** The version that says so. */
    readonly version: number,
  ) {
    super(`The ${type} was deleted.`);
  }
}
