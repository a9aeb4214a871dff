import type { FastifyRequest } from 'fastify';
import { LOCAL_CALLER, type Caller } from '../../access/caller.js';
import { callerOf } from '../called-by.js';

/** What Apollo hands over with an operation: the request, or over a WebSocket what graphql-ws keeps of the connection. */
export type Asked = FastifyRequest | { readonly extra: unknown };

/** Who asks the graph. Throws 401 where nobody was made out. */
export const askedBy = (asked: Asked): Caller => ('extra' in asked ? LOCAL_CALLER : callerOf(asked));
