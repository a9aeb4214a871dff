import type { ApolloServerPlugin } from '@apollo/server';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { inTenant } from '../../database/scope.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { refusedFieldsOnRecord, type AskedOfGraph } from '../refused-fields.js';
import { graphError } from './faults.js';
import type { GraphContext } from './loaders.js';

/** What of an operation was refused is on record before its answer leaves, whichever way it came. */
export class Refusals {
  constructor(private readonly log: AccessLog) {}

  /** For Apollo. */
  plugin(): ApolloServerPlugin<GraphContext> {
    return {
      requestDidStart: async () => ({
        willSendResponse: async ({ contextValue, errors, request, response: { body } }) => {
          const failure = await this.failureToRecord(contextValue, errors, request);
          if (failure !== undefined && body.kind === 'single') body.singleResult = { data: null, errors: [failure] };
        },
      }),
    };
  }

  /** For what runs operations itself. */
  async recorded<Result extends ExecutionResult | AsyncIterable<unknown>>(
    { contextValue, variableValues }: Pick<ExecutionArgs, 'contextValue' | 'variableValues'>,
    query: string | undefined,
    result: Result,
  ): Promise<Result | ExecutionResult> {
    if (Symbol.asyncIterator in result) return result;
    const failure = await this.failureToRecord(contextValue as GraphContext, result.errors, { query, variables: variableValues });
    return failure === undefined ? result : { errors: [failure] };
  }

  /** What kept it from being on record: nothing may be given then. */
  private async failureToRecord(
    { caller }: GraphContext,
    errors: readonly GraphQLError[] | undefined,
    { query, variables }: AskedOfGraph,
  ): Promise<GraphQLError | undefined> {
    try {
      await inTenant(caller.tenant, () => refusedFieldsOnRecord(this.log, caller, errors, { query, variables }));
      return undefined;
    } catch (error) {
      return graphError(error);
    }
  }
}
