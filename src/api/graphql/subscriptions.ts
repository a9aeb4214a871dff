import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { PublicAddress } from '../../public-address.js';
import { isOwnPage } from '../own-page.js';
import { formatGraphError } from '../graph-errors.js';
import { MAXIMUM_TOKENS, queryLimits } from '../query-limits.js';

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
