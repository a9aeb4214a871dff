import { Fault } from '../../faults.js';

/** There is no such record, or it is another organisation's. */
export class RecordOfAccessAbsent extends Fault {
  readonly code = 'record-absent';
  readonly status = 404;

  constructor() {
    super('There is no AuditEvent of this id.');
  }
}
