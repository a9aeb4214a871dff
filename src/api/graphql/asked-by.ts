import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../access/caller.js';
import { TokenAbsent } from '../../access/faults.js';
import { callerOf } from '../called-by.js';

/** What graphql-ws keeps of a connection: who opened it. */
export interface Connected {
  caller?: Caller;
}

/** What Apollo hands over with an operation: the request, or over a WebSocket what graphql-ws keeps of the connection. */
export type Asked = FastifyRequest | { readonly extra: unknown };

/** Who asks the graph. Throws 401 where nobody was made out. */
export function askedBy(asked: Asked): Caller {
  if (!('extra' in asked)) return callerOf(asked);
  const { caller } = asked.extra as Connected;
  if (caller === undefined) throw new TokenAbsent();
  return caller;
}
