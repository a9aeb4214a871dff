import type { ApolloServerPlugin } from '@apollo/server';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { inTenant } from '../../database/scope.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { formatGraphError } from '../graph-errors.js';
import { refusedFieldsOnRecord, type AskedOfGraph } from '../refused-fields.js';
import { graphError } from './faults.js';
import type { GraphContext } from './loaders.js';
import { withoutSecrets } from './secret-members.js';

/** What an operation looked at, and what of it was refused, is on record before its answer leaves, whichever way it came. */
export class AnswerRecords {
  constructor(private readonly log: AccessLog) {}

  /** For Apollo. */
  plugin(): ApolloServerPlugin<GraphContext> {
    return {
      requestDidStart: async () => ({
        willSendResponse: async ({ contextValue, errors, request, response: { body } }) => {
          const failure = await this.failureToRecord(contextValue, errors, request);
          if (failure !== undefined && body.kind === 'single')
            body.singleResult = { data: null, errors: [formatGraphError(failure.toJSON(), failure)] }; // as errors were before this
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
    { caller, pending }: GraphContext,
    errors: readonly GraphQLError[] | undefined,
    { query, variables }: AskedOfGraph,
  ): Promise<GraphQLError | undefined> {
    try {
      await inTenant(caller.tenant, () =>
        Promise.all([pending.onRecord(), refusedFieldsOnRecord(this.log, caller, errors, withoutSecrets({ query, variables }))]),
      );
      return undefined;
    } catch (error) {
      return graphError(error);
    }
  }
}
