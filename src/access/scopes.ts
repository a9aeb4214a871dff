import { Fault } from '../faults.js';
import type { Caller } from './caller.js';

/** What a caller may be allowed beyond reading and storing. */
export type Scope = 'archive.delete' | 'archive.edit';

/** The caller may not do this. */
export class ScopeMissing extends Fault {
  readonly code = 'scope-missing';
  readonly status = 403;

  constructor(scope: Scope) {
    super(`This needs the scope ${scope}.`);
  }
}

/** The one place where scopes are checked. A caller without a list of its own is on this machine and holds all. Throws ScopeMissing. */
export function requireScope({ scopes }: Caller, scope: Scope): void {
  if (scopes !== undefined && !scopes.includes(scope)) throw new ScopeMissing(scope);
}
