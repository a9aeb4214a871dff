import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { GraphContext } from './loaders.js';
import type { AnswerRecords } from './answer-records.js';
import type { Turns } from '../turns.js';
import { executed } from './executed.js';

/**
 * Follows a subscription (GraphQL, 6.2.3): each event is made in one of its subscriber's turns, which lasts until the event is taken, and
 * what of it was refused is on record before it leaves. Answers with errors alone where it cannot be followed.
 */
export async function followed(
  run: ExecutionArgs,
  query: string | undefined,
  { turns, records }: { readonly turns: Turns; readonly records: AnswerRecords },
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(run);
  if (!(Symbol.asyncIterator in source)) return records.recorded(run, query, source);
  const made = async (rootValue: unknown): Promise<ExecutionResult> => records.recorded(run, query, await executed({ ...run, rootValue }));
  return eventsOf(source[Symbol.asyncIterator](), run.contextValue as GraphContext, turns, made);
}

function eventsOf(
  source: AsyncIterator<unknown>,
  { caller, leaving }: GraphContext,
  turns: Turns,
  made: (event: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  let endTurn = (): void => undefined;
  let isOver = false;
  const over = async (): Promise<IteratorResult<ExecutionResult>> => {
    isOver = true;
    endTurn(); // of an event that is in the making it ends when that is made
    await source.return?.();
    return { done: true, value: undefined };
  };
  return {
    // By hand: an async generator's return() would wait for the event that it waits for.
    async next() {
      await leaving.taken(); // whoever asks for the next has handed over the one before
      endTurn();
      const { done = false, value } = await source.next();
      if (done) return { done: true, value: undefined };
      const end = await turns.take(caller, leaving, 'event');
      try {
        if (isOver) return { done: true, value: undefined }; // nobody waits for it any more
        const event = await made(value);
        endTurn = end;
        return { done: false, value: event };
      } finally {
        if (isOver || endTurn !== end) end();
      }
    },
    return: over,
    async throw(error: unknown) {
      await over();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
