import { Fault } from '../../faults.js';

/** There is no such record, or it is another organisation's. */
export class RecordOfAccessAbsent extends Fault {
  readonly code = 'record-absent';
  readonly status = 404;

  constructor() {
    super('There is no AuditEvent of this id.');
  }
}

/** The record of accesses is for auditors, and for each patient what is about them. */
export class AuditNotPermitted extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor() {
    super('This needs a role and a scope that may read AuditEvents.');
  }
}
