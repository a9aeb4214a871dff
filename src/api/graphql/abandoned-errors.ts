import { GraphQLError } from 'graphql';

/**
 * For the process's `unhandledRejection`. graphql-js 16 leaves the items of a list that are in the making alone where a later one fails at
 * once: the answer has its error by then, and what they still fail with is nobody's to hear. Anything else ends the process, as it would
 * without.
 */
export function letAbandonedGo(reason: unknown): void {
  if (!(reason instanceof GraphQLError)) throw reason;
}
