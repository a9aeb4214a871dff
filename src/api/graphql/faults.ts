import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import { asFault, Fault } from '../../faults.js';
import { event } from '../../log.js';

/** A cursor or count that the graph did not give or does not take. */
export class BadGraphArgument extends Fault {
  readonly code = 'bad-argument';
  readonly status = 400;

  constructor(name: string, why: string) {
    super(`The argument ${name} ${why}.`);
  }
}

/** Apollo's own codes are kept; everything else leaves with its fault's code, and no more words than the fault has. */
export function formatGraphError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? error.originalError : undefined;
  if (cause === undefined) {
    const { code } = { code: 'GRAPHQL_ERROR', ...formatted.extensions };
    return { message: formatted.message, locations: formatted.locations, path: formatted.path, extensions: { code } };
  }
  const fault = asFault(cause);
  if (fault.status >= 500) event('graphql.failed', { fault: fault.code });
  return { message: fault.message, locations: formatted.locations, path: formatted.path, extensions: { code: fault.code, status: fault.status } };
}
