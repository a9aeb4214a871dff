import { Fault } from '../../faults.js';
import type { Issue } from '../validation/issue.js';

/** The resource breaks R4's rules; each with its place. */
export class ResourceInvalid extends Fault {
  readonly code = 'resource-invalid';
  readonly status = 422;

  constructor(readonly issues: readonly Issue[]) {
    super('The resource is not valid; the issues say what is wrong and where.');
  }
}

/** The resource is another than its address says. */
export class AddressDiffers extends Fault {
  readonly code = 'address-differs';
  readonly status = 400;

  constructor(readonly expression: 'resourceType' | 'id') {
    super(`The ${expression} of the resource must be the one of the address.`);
  }
}

/** The server itself writes the resource, from what it received or decided: an edit would contradict that. */
export class RecordOwned extends Fault {
  readonly code = 'record-owned';
  readonly status = 409;

  constructor(type: string) {
    super(`This ${type} is written by the server itself and is not edited by clients.`);
  }
}

/** It would stand beside what the server itself says of the same thing, under another id. */
export class RecordRivals extends Fault {
  readonly code = 'record-rivals';
  readonly status = 409;

  constructor(type: string) {
    super(`The server itself writes the ${type} of this study, or with this identifier or canonical: there is no second one.`);
  }
}

/** Somebody else changed it in the meantime, or it is not as If-Match says (R4 http.html#concurrency). */
export class VersionDiffers extends Fault {
  readonly code = 'version-differs';
  readonly status = 412;

  constructor() {
    super('The resource is not at the version that If-Match names.');
  }
}

/** A conditional interaction met several resources where it needs one (R4 http.html#cond-update). */
export class SeveralMatch extends Fault {
  readonly code = 'several-match';
  readonly status = 412;

  constructor() {
    super('Several resources match the condition.');
  }
}

/** If-None-Match: * and it is there. */
export class ExistsAlready extends Fault {
  readonly code = 'exists-already';
  readonly status = 412;

  constructor() {
    super('The resource is there already.');
  }
}

/** The id that a conditional update brings is another resource's, which does not meet its condition. */
export class IdTaken extends Fault {
  readonly code = 'id-taken';
  readonly status = 409;

  constructor() {
    super('The id is taken by a resource that does not meet the condition.');
  }
}

/** What stands for a header's value stands for none that is kept for this endpoint. */
export class HeaderNotKept extends Fault {
  readonly code = 'header-not-kept';
  readonly status = 422;

  constructor() {
    super('What a header of channel.header says is kept for its own Subscription and endpoint alone: give it anew.');
  }
}

/** What met a condition was changed while it was waited for. */
export class ChangedMeanwhile extends Fault {
  readonly code = 'changed-meanwhile';
  readonly status = 409;

  constructor() {
    super('What met the condition was changed at the same moment. Try again.');
  }
}

/** A condition without a single parameter would mean any resource. */
export class ConditionAbsent extends Fault {
  readonly code = 'condition-absent';
  readonly status = 400;

  constructor() {
    super('A conditional interaction needs at least one search parameter.');
  }
}

/** Resources of this type are made by the server of what it has on record: they are read, and nobody writes them. */
export class TypeReadOnly extends Fault {
  readonly code = 'method-not-allowed';
  readonly status = 405;

  constructor() {
    super('AuditEvents are the record of accesses: they are read and searched, never written.');
  }
}
