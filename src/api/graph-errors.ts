import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asFault, InternalFault } from '../faults.js';
import { event, thrownFields } from '../log.js';

/** Characters of a message: Apollo's refusal of what a foreign page could send names the header to send at its end, some 350 on. */
const LONGEST = 500;

/** What graphql says of a variable: its name, the value as it was sent, where in it, and what was wrong there. */
const OF_A_VARIABLE =
  /^(Variable "\$\w+" got invalid value)(?:.*?)(?: at "([\w.[\]]+)")?(?:; (?:(Field "\w+" [^;]*|Expected (?:non-nullable )?type "[^"]*"[^;"]*)|.*))?$/s;

/**
 * graphql quotes the query and its variables, and suggests names: neither at any length, nor names that were not asked for, nor values,
 * which may be somebody's password.
 */
const bounded = (message: string): string =>
  message
    .replace(/ Did you mean .*$/s, '')
    .replace(OF_A_VARIABLE, (_, what: string, at?: string, why?: string) => `${what}${at ? ` at "${at}"` : ''}${why ? `; ${why}` : '.'}`)
    .replace(/( cannot represent [^:]*): .*$/s, '$1.')
    .replace(/\b((?:Block)?String) ".*"/s, '$1')
    .slice(0, LONGEST);

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
