import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asFault, InternalFault } from '../faults.js';
import { event, thrownFields } from '../log.js';

/** Characters of a message: Apollo's refusal of what a foreign page could send names the header to send at its end, some 350 on. */
const LONGEST = 500;

/** graphql quotes the query and suggests names: neither at any length, nor names that were not asked for. */
const bounded = (message: string): string => message.replace(/ Did you mean .*$/s, '').slice(0, LONGEST);

/**
 * An error of a graph as it leaves: what graphql itself says of a query keeps its code (or has `code`); everything else leaves with
 * its fault's code, and no more words than the fault has.
 */
export function formatGraphError(formatted: GraphQLFormattedError, error: unknown, code = 'GRAPHQL_ERROR'): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? error.originalError : undefined;
  // Apollo wraps what graphql itself says of a query (it cannot be parsed, is against the schema, a variable is none).
  if (cause === undefined || cause instanceof GraphQLError) {
    const { code: own } = { code, ...formatted.extensions, ...cause?.extensions };
    return { message: bounded(formatted.message), locations: formatted.locations, path: formatted.path, extensions: { code: own } };
  }
  const fault = asFault(cause);
  if (fault instanceof InternalFault) event('graphql.failed', thrownFields(cause));
  return {
    message: fault.message,
    locations: formatted.locations,
    path: formatted.path,
    extensions: { code: fault.code, status: fault.status },
  };
}
