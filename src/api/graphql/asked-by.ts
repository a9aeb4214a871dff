import type { Caller } from '../../access/caller.js';
import { TokenAbsent } from '../../access/faults.js';

/** What graphql-ws keeps of a connection: who opened it. */
export interface Connected {
  caller?: Caller;
}

/** Who asks over a WebSocket. Throws 401 where nobody was made out. @param extra  what graphql-ws keeps of the connection */
export function askedBy(extra: unknown): Caller {
  const { caller } = extra as Connected;
  if (caller === undefined) throw new TokenAbsent();
  return caller;
}
