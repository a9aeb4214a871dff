import { execute, getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { graphError } from './faults.js';
import type { GraphContext } from './loaders.js';

/**
 * Runs an operation. Where its answer grew too large that is its one error (each field that was in the making says so), and nothing of it is
 * given; but what a mutation has done stays told.
 */
export async function executed(run: ExecutionArgs): Promise<ExecutionResult> {
  const result = await execute(run);
  const { over } = (run.contextValue as GraphContext).spending;
  if (over === undefined) return result;
  const isMutation = getOperationAST(run.document, run.operationName)?.operation === 'mutation';
  return { errors: [graphError(over)], data: isMutation ? result.data : null };
}
