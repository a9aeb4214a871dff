import { GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { PublicAddress } from '../../public-address.js';
import { isOwnPage } from '../own-page.js';
import { formatGraphError } from './faults.js';
import type { Operations } from './operations.js';

/** Operations that one connection has open at once. */
const MOST_OPEN = 100;

/** What holds for a request holds over a WebSocket: the same limits, errors in the same words. graphql-ws itself has neither. */
export const subscriptionOptions = (
  address: PublicAddress,
  operations: Operations,
): Pick<ServerOptions, 'onConnect' | 'onSubscribe' | 'validate' | 'onNext' | 'onError'> => ({
  // `extra` is what graphql-ws/use/ws hands on; false closes the connection: 4403 Forbidden.
  onConnect: ({ extra }) => isOwnPage((extra as Extra).request.headers, address),
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

const tooMany = (): GraphQLError =>
  new GraphQLError(`A connection has ${MOST_OPEN} operations open at most.`, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } });

/** As it leaves, by whichever way. */
export const formatted = (error: GraphQLError) => formatGraphError(error.toJSON(), error);
