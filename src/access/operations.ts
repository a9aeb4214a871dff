import { Fault } from '../faults.js';
import type { Caller } from './caller.js';
import { ROLE_PERMITS, type Operation } from './roles.js';

/** The caller may not do this. */
export class OperationNotPermitted extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor(operation: Operation) {
    super(`This needs a role that may do ${operation}.`);
  }
}

/** The one place where operations are checked: one of the caller's roles has it in its line. Throws OperationNotPermitted. */
export function requireOperation({ rights }: Caller, operation: Operation): void {
  if (rights !== undefined && !rights.roles.some((role) => ROLE_PERMITS[role].operations.includes(operation)))
    throw new OperationNotPermitted(operation);
}
