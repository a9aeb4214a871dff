import {
  execute,
  GraphQLError,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Caller } from '../../access/caller.js';
import { inTenant } from '../../database/scope.js';
import type { PublicAddress } from '../../public-address.js';
import { isOwnPage } from '../own-page.js';
import { formatGraphError } from '../graph-errors.js';
import { MAXIMUM_TOKENS, queryLimits } from '../query-limits.js';
import type { GraphContext } from './loaders.js';

/** What holds for a request holds over a WebSocket: the same limits, errors in the same words. graphql-ws itself has neither. */
export const subscriptionOptions = (
  address: PublicAddress,
): Pick<ServerOptions, 'onConnect' | 'onSubscribe' | 'execute' | 'subscribe' | 'validate' | 'onNext' | 'onError'> => ({
  execute: (asked) => inTenant(callerIn(asked).tenant, () => execute(asked)),
  subscribe: async (asked) => {
    const { tenant } = callerIn(asked);
    const events = await inTenant(tenant, () => subscribe(asked));
    return Symbol.asyncIterator in events ? inScopeOf(tenant, events) : events;
  },
  // `extra` is what graphql-ws/use/ws hands on; false closes the connection: 4403 Forbidden.
  onConnect: ({ extra }) => isOwnPage((extra as Extra).request.headers, address),
  onSubscribe: (_context, _id, { query }) => syntaxErrors(query),
  validate: (schema: GraphQLSchema, document: DocumentNode) => validate(schema, document, [...specifiedRules, queryLimits]),
  onNext: (_context, _id, _payload, _arguments, { errors, ...result }) => (errors ? { ...result, errors: errors.map(formatted) } : result),
  onError: (_context, _id, _payload, errors) => errors.map(formatted),
});

const callerIn = ({ contextValue }: ExecutionArgs): Caller => (contextValue as GraphContext).caller;

/** What is asked for each event is asked of the database in the tenant's scope, from wherever the next event is waited for. */
async function* inScopeOf<T>(tenant: number, events: AsyncIterable<T>): AsyncGenerator<T, undefined> {
  const all = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await inTenant(tenant, () => all.next());
      if (done) return undefined;
      yield value;
    }
  } finally {
    await all.return?.();
  }
}

const formatted = (error: GraphQLError) => formatGraphError(error.toJSON(), error);

/** graphql-ws would close the whole connection over one query that cannot be parsed. */
function syntaxErrors(query: string): GraphQLError[] | undefined {
  try {
    parse(query, { maxTokens: MAXIMUM_TOKENS });
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
