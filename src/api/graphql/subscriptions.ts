import { execute, GraphQLError, subscribe, type ExecutionArgs } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Caller } from '../../access/caller.js';
import { inTenant, iteratedInThisScope } from '../../database/scope.js';
import type { Door } from '../door.js';
import { endWithToken } from '../end-with-token.js';
import { formatGraphError } from '../graph-errors.js';
import type { Connected } from './asked-by.js';
import type { GraphContext } from './loaders.js';
import type { Operations } from './operations.js';

/** Operations that one connection has open at once. */
const MOST_OPEN = 100;

/** What holds for a request holds over a WebSocket: the same limits, errors in the same words. graphql-ws itself has neither. */
export const subscriptionOptions = (
  door: Door,
  operations: Operations,
): Pick<ServerOptions, 'onConnect' | 'onSubscribe' | 'execute' | 'subscribe' | 'validate' | 'onNext' | 'onError'> => ({
  execute: (asked) => inTenant(callerIn(asked).tenant, () => execute(asked)),
  subscribe: async (asked) => {
    const { tenant } = callerIn(asked);
    const events = await inTenant(tenant, () => subscribe(asked));
    // Whoever waits for the next event does so from elsewhere.
    return Symbol.asyncIterator in events ? inTenant(tenant, () => iteratedInThisScope(events)) : events;
  },
  // `extra` is what graphql-ws/use/ws hands on; false closes the connection: 4403 Forbidden.
  onConnect: async ({ extra, connectionParams }) => {
    const { request, socket } = extra as Extra;
    if (!door.isOpenTo(request)) return false;
    try {
      const { authorization = request.headers.authorization } = { ...connectionParams } as { authorization?: string };
      const headers = { ...request.headers, ...(typeof authorization === 'string' && { authorization }) };
      const caller = await door.callerOf(request, headers);
      (extra as Connected).caller = caller;
      endWithToken(caller, socket, () => door.stillOpenTo(headers));
      return true;
    } catch {
      socket.close(4401, 'Unauthorized');
      return false;
    }
  },
  // graphql-ws would close the whole connection over one query that cannot be parsed.
  onSubscribe: ({ subscriptions }, _id, payload) => {
    if (Object.keys(subscriptions).length > MOST_OPEN) return [tooMany()];
    const refusals = operations.refusals(payload);
    return refusals.length > 0 ? [...refusals] : undefined;
  },
  validate: () => [], // onSubscribe has
  onNext: (_context, _id, _payload, _arguments, { errors, ...result }) => (errors ? { ...result, errors: errors.map(formatted) } : result),
  onError: (_context, _id, _payload, errors) => errors.map(formatted),
});

const callerIn = ({ contextValue }: ExecutionArgs): Caller => (contextValue as GraphContext).caller;

const tooMany = (): GraphQLError =>
  new GraphQLError(`A connection has ${MOST_OPEN} operations open at most.`, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } });

/** As it leaves, by whichever way. */
export const formatted = (error: GraphQLError) => formatGraphError(error.toJSON(), error);
