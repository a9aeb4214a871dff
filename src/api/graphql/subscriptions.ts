import { type ExecutionArgs, type GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { inTenant, iteratedInThisScope } from '../../database/scope.js';
import { asFault } from '../../faults.js';
import type { Door } from '../door.js';
import { endWithToken } from '../end-with-token.js';
import { formatGraphError } from '../graph-errors.js';
import { askedBy, type Connected } from './asked-by.js';
import { followed } from './event-turns.js';
import { graphError } from './faults.js';
import type { GraphContext } from './loaders.js';
import type { OpenOperations } from './open-operations.js';
import type { Operations } from './operations.js';
import type { AnswerRecords } from './answer-records.js';
import { executed } from './executed.js';

/** What a connection is closed with that is not let in, as graphql-ws words it; its client does not try those again. */
const CLOSED_FOR: Readonly<Record<number, readonly [number, string]>> = {
  400: [4400, 'Bad Request'],
  401: [4401, 'Unauthorized'],
  403: [4403, 'Forbidden'],
};
/** RFC 6455's registry: the issuer or the database is away for the moment. */
const TRY_AGAIN = [1013, 'Try Again Later'] as const;
/** As graphql-ws words it: the caller has as many connections as one may. */
const TOO_MANY = [4429, 'Too many connections'] as const;

/** What holds for a request holds over a WebSocket: the same limits, errors in the same words. graphql-ws itself has neither. */
export const subscriptionOptions = (
  door: Door,
  operations: Operations,
  open: OpenOperations,
  records: AnswerRecords,
): Pick<ServerOptions, 'onConnect' | 'onSubscribe' | 'execute' | 'subscribe' | 'validate' | 'onNext' | 'onError'> => ({
  execute: async (asked) => {
    const { caller, leaving } = contextIn(asked);
    let end: () => void;
    try {
      end = await operations.turns.take(caller, leaving);
    } catch (error) {
      return { errors: [graphError(error)] };
    }
    try {
      const result = await inTenant(caller.tenant, () => executed(asked));
      return await records.recorded(asked, textOf(asked), result);
    } finally {
      void leaving.taken().then(end);
    }
  },
  subscribe: async (asked) => {
    const { tenant } = contextIn(asked).caller;
    const events = await inTenant(tenant, () => followed(asked, textOf(asked), { turns: operations.turns, records }));
    // Whoever waits for the next event does so from elsewhere.
    return Symbol.asyncIterator in events ? inTenant(tenant, () => iteratedInThisScope(events)) : events;
  },
  // `extra` is what graphql-ws/use/ws hands on; false closes the connection: 4403 Forbidden.
  onConnect: async (connection) => {
    const { extra, connectionParams } = connection;
    const { request, socket } = extra as Extra;
    if (!door.isOpenTo(request)) return false;
    try {
      const { authorization = request.headers.authorization } = { ...connectionParams } as { authorization?: string };
      const headers = { ...request.headers, ...(typeof authorization === 'string' && { authorization }) };
      const caller = await door.callerOf(request, headers);
      if (socket.readyState !== socket.OPEN) return false; // gone meanwhile
      if (!open.mayConnect(caller)) {
        socket.close(...TOO_MANY);
        return false;
      }
      (extra as Connected).caller = caller;
      socket.once(
        'close',
        open.count(caller, () => Object.keys(connection.subscriptions).length),
      ); // the one that is asked for included
      endWithToken(caller, socket, () => door.stillOpenTo(headers));
      return true;
    } catch (error) {
      socket.close(...(CLOSED_FOR[asFault(error).status] ?? TRY_AGAIN));
      return false;
    }
  },
  // graphql-ws would close the whole connection over one query that cannot be parsed.
  onSubscribe: ({ extra }, _id, payload) => {
    try {
      open.check(askedBy(extra));
    } catch (error) {
      return [graphError(error)];
    }
    const refusals = operations.refusals(payload);
    return refusals.length > 0 ? [...refusals] : undefined;
  },
  validate: () => [], // onSubscribe has
  onNext: (_context, _id, _payload, _arguments, { errors, ...result }) => (errors ? { ...result, errors: errors.map(formatted) } : result),
  onError: (_context, _id, _payload, errors) => errors.map(formatted),
});

const textOf = ({ document }: ExecutionArgs): string | undefined => document.loc?.source.body;

const contextIn = ({ contextValue }: ExecutionArgs): GraphContext => contextValue as GraphContext;

/** As it leaves, by whichever way. */
export const formatted = (error: GraphQLError) => formatGraphError(error.toJSON(), error);
