import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { IncomingHttpHeaders } from 'node:http';
import type { PublicAddress } from '../../public-address.js';
import { formatGraphError } from './faults.js';
import { MAXIMUM_TOKENS, queryLimits } from './query-limits.js';

/** What holds for a request holds over a WebSocket: the same limits, errors in the same words. graphql-ws itself has neither. */
export const subscriptionOptions = (
  address: PublicAddress,
): Pick<ServerOptions, 'onConnect' | 'onSubscribe' | 'validate' | 'onNext' | 'onError'> => ({
  // `extra` is what graphql-ws/use/ws hands on; false closes the connection: 4403 Forbidden.
  onConnect: ({ extra }) => isOwnPage((extra as Extra).request.headers, address),
  onSubscribe: (_context, _id, { query }) => syntaxErrors(query),
  validate: (schema: GraphQLSchema, document: DocumentNode) => validate(schema, document, [...specifiedRules, queryLimits]),
  onNext: (_context, _id, _payload, _arguments, { errors, ...result }) => (errors ? { ...result, errors: errors.map(formatted) } : result),
  onError: (_context, _id, _payload, errors) => errors.map(formatted),
});

const formatted = (error: GraphQLError) => formatGraphError(error.toJSON(), error);

/**
 * A browser lets any page open a WebSocket to any server and read what comes; no CORS holds it. So a page must come from
 * this server, or from where it stands for its clients. What is no browser sends no Origin.
 */
function isOwnPage({ origin, host }: IncomingHttpHeaders, address: PublicAddress): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && [host, new URL(address.base).host].includes(new URL(origin).host);
}

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
