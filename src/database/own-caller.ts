import { currentScope, SERVER_SCOPE } from './scope.js';
import { FIRST_TENANT, serverCaller, type Caller } from '../access/caller.js';

/** The server itself, for the organisation whose work it does: in whose scope it is set to run (scope.ts). */
export function ownCaller(): Caller {
  const scope = currentScope() ?? SERVER_SCOPE;
  return serverCaller(scope === SERVER_SCOPE ? FIRST_TENANT : scope);
}
