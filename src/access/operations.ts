import { Fault } from '../faults.js';
import { FIRST_TENANT, type Caller } from './caller.js';
import type { Interaction } from './grant.js';
import { ROLE_PERMITS, type Operation } from './roles.js';

/** The caller may not do this. */
export class OperationNotPermitted extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor(operation: Operation) {
    super(`This needs a role that may do ${operation}, and a token whose scopes grant it.`);
  }
}

/**
 * What of a token's scopes an operation needs beside the role: an app that may only look signs nothing, whoever uses it. The others are
 * the server's own, for which SMART has no scopes: the role decides.
 */
const NEEDED: Readonly<Partial<Record<Operation, readonly [type: string, interaction: Interaction]>>> = {
  'archive.delete': ['ImagingStudy', 'd'],
  'archive.edit': ['ImagingStudy', 'u'],
  'report.review': ['DiagnosticReport', 'u'],
  'reading.request': ['Task', 'c'],
};

/** The one place where operations are checked: one of the caller's roles has it in its line, and the token grants it. Throws OperationNotPermitted. */
export function requireOperation({ rights }: Caller, operation: Operation): void {
  if (rights === undefined) return;
  const [type, interaction] = NEEDED[operation] ?? [];
  const isGranted =
    interaction === undefined ||
    rights.grants.some(
      (grant) =>
        (grant.type === type || grant.type === '*') &&
        grant.interactions.has(interaction) &&
        // Which reports it is that may be reviewed the room says; the others are asked for as a whole.
        (operation === 'report.review' || (grant.context !== 'patient' && grant.query === undefined)),
    );
  if (!isGranted || !rights.roles.some((role) => ROLE_PERMITS[role].operations.includes(operation)))
    throw new OperationNotPermitted(operation);
}

/** For what is the whole server's: the organisation that runs it alone. Throws OperationNotPermitted. */
export function requireFirstTenant({ rights, tenant }: Caller, operation: Operation): void {
  if (rights !== undefined && tenant !== FIRST_TENANT) throw new OperationNotPermitted(operation);
}
