import { Fault } from '../faults.js';
import { FIRST_TENANT, type Caller } from './caller.js';
import type { Interaction } from './grant.js';
import { ROLE_PERMITS, type Operation } from './roles.js';

/** The caller may not do this. */
export class OperationNotPermitted extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor(operation: Operation) {
    super(`This needs a role that may do ${operation}, and a token whose scopes grant it (wetread/${operation}, say).`);
  }
}

/**
 * What of a token's scopes an operation needs beside the role: an app that may only look signs nothing, and one that was let in to show a
 * patient's images makes no accounts, whoever uses it. For what is the server's own SMART has no scopes: an app must have been granted
 * everything (`*`, beyond one patient's), or the operation by its name (operation-scopes.ts).
 */
const NEEDED: Readonly<Record<Operation, readonly [type: string, interaction: Interaction]>> = {
  'archive.delete': ['ImagingStudy', 'd'],
  'archive.edit': ['ImagingStudy', 'u'],
  'report.review': ['DiagnosticReport', 'u'],
  'reading.request': ['Task', 'c'],
  'model.manage': ['*', 'u'],
  'evidence.plan': ['*', 'u'],
  'evidence.regulate': ['*', 'u'],
  'evidence.take-part': ['*', 'u'],
  'evidence.look': ['*', 'r'],
  'evidence.export': ['*', 'r'],
  'server.observe': ['*', 'r'],
  'accounts.manage': ['*', 'u'],
  'access.break-glass': ['*', 'r'],
};

/** The one place where operations are checked: one of the caller's roles has it in its line, and the token grants it. Throws OperationNotPermitted. */
export function requireOperation({ rights }: Caller, operation: Operation): void {
  if (rights === undefined) return;
  const [type, interaction] = NEEDED[operation];
  const isGranted =
    rights.operations?.includes(operation) === true ||
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

/** It is the whole server's, and the caller is of another organisation than that which runs it. */
export class ServersOwn extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor(operation: Operation) {
    super(`This is the whole server's: ${operation} is done here by the first organisation, which runs it, alone.`);
  }
}

/** For what is the whole server's: the organisation that runs it alone. Throws ServersOwn. */
export function requireFirstTenant({ rights, tenant }: Caller, operation: Operation): void {
  if (rights !== undefined && tenant !== FIRST_TENANT) throw new ServersOwn(operation);
}
