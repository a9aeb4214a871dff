import { event } from '../../log.js';
import type { WorkQueue } from '../../work/work-queue.js';

/** A subscriber that does not keep up loses its subscription rather than the server its memory. */
const BACKLOG = 1_000;

/** A NOTIFY of a room, of this server or of another on the same database. */
export interface Wake {
  readonly channel: string;
  readonly payload: string;
}

/** Whether a wake is worth following, and by what it is the same as one that waits already; undefined: it is of no interest. */
export type Interest = (wake: Wake) => string | undefined;

/** For who wants every one. */
export const each = (): Interest => {
  let count = 0;
  return () => String((count += 1));
};

/**
 * What follows from wakes, for as long as somebody listens: woken, never polled.
 * @param made  what a wake leads to; `first` before any, for what is there already
 */
export function following<T>(
  queue: WorkQueue,
  {
    channels,
    interest,
    first,
    made,
  }: {
    readonly channels: readonly string[];
    readonly interest: Interest;
    readonly first?: () => Promise<readonly T[]>;
    readonly made: (wake: Wake) => Promise<readonly T[]>;
  },
): AsyncIterableIterator<T> {
  const waiting = new Map<string, Wake>();
  const ready: T[] = [];
  let begin = first;
  let wakeUp: (() => void) | undefined;
  let over = false;
  const end = (): void => {
    over = true;
    stops.forEach((stop) => stop());
    wakeUp?.();
  };
  const hear = (wake: Wake): void => {
    const key = interest(wake);
    if (key === undefined) return;
    waiting.set(key, wake);
    if (waiting.size > BACKLOG) {
      event('graphql.subscriber-too-slow');
      end();
    }
    wakeUp?.();
  };
  const stops = channels.map((channel) => queue.listen(channel, (payload) => hear({ channel, payload })));
  const gather = async (): Promise<void> => {
    const start = begin;
    begin = undefined;
    if (start) return void ready.push(...(await start()));
    const [next] = waiting;
    if (next === undefined) return new Promise((resolve) => (wakeUp = resolve));
    waiting.delete(next[0]);
    ready.push(...(await made(next[1])));
  };
  return {
    async next(): Promise<IteratorResult<T>> {
      while (!over && ready.length === 0) await gather();
      return over ? { done: true, value: undefined } : { done: false, value: ready.shift() as T }; // there is one
    },
    async return(): Promise<IteratorResult<T>> {
      end();
      return { done: true, value: undefined };
    },
    async throw(error: unknown): Promise<IteratorResult<T>> {
      end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
