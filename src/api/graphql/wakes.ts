import type { Fault } from '../../faults.js';
import { event } from '../../log.js';
import type { WorkQueue } from '../../work/work-queue.js';
import { EventsMissed, SubscriberTooSlow } from './faults.js';

/** A subscriber that does not keep up loses its subscription rather than the server its memory: some 100 bytes for each that waits. */
const BACKLOG = 5_000;

/** A NOTIFY of a room, of this server or of another on the same database. */
export interface Wake {
  readonly channel: string;
  readonly payload: string;
}

/** Whether a wake is worth following, and by what it is the same as one that waits already; undefined: it is of no interest. */
export type Interest = (wake: Wake) => string | undefined;

/** Of what is told as it stands when it is told: what waits already is not told twice. */
export const eachSubject: Interest = ({ payload }) => payload;

/**
 * What follows from wakes, for as long as somebody listens: woken, never polled. Ends with SubscriberTooSlow or EventsMissed where some
 * are lost, or with what `made` throws.
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
  let why: Fault | undefined;
  const end = (fault?: Fault): void => {
    over = true;
    why = fault;
    stops.forEach((stop) => stop());
    wakeUp?.();
  };
  const hear = (wake: Wake): void => {
    const key = interest(wake);
    if (key === undefined) return;
    waiting.set(key, wake);
    if (waiting.size > BACKLOG) {
      event('graphql.subscriber-too-slow');
      waiting.clear();
      end(new SubscriberTooSlow());
    }
    wakeUp?.();
  };
  const stops = [
    ...channels.map((channel) => queue.listen(channel, (payload) => hear({ channel, payload }))),
    queue.missed(() => end(new EventsMissed())),
  ];
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
      try {
        while (!over && ready.length === 0) await gather();
      } catch (error) {
        end();
        throw error;
      }
      if (why !== undefined) {
        const fault = why;
        why = undefined; // told once
        throw fault;
      }
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
