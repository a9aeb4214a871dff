import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout as later } from 'node:timers/promises';
import type { Caller } from '../../access/caller.js';
import { TooManyOperations } from './faults.js';
import { keyOf } from './open-operations.js';

/** Operations of a caller that are in the making, or whose answers wait to be taken: some 20 MB each at most. */
const MOST_AT_ONCE = 10;
/** That wait for their turn. */
const MOST_WAITING = 100;
/** How long an answer may take to be made and taken. */
const HELD_MS = 120_000;
/** Bytes of answers that may wait in a WebSocket before the next operation begins. */
const UNTAKEN_BYTES = 2 ** 20;
/** How long more than that may wait. */
const TAKEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** RFC 6455's registry: Try Again Later. */
const UNTAKEN = [1013, 'Answers are not taken'] as const;

interface Queue {
  atOnce: number;
  readonly waiting: (() => void)[];
}

/** Whose turn it is: few operations of a caller at once, whichever ways they come; who does not take answers gets no more of them made. */
export class Turns {
  private readonly queues = new Map<string, Queue>();

  /** Waits for the caller's next turn. Answers how to end it. @throws TooManyOperations */
  async take(caller: Caller): Promise<() => void> {
    const key = keyOf(caller);
    const queue = this.queues.get(key) ?? { atOnce: 0, waiting: [] };
    this.queues.set(key, queue);
    if (queue.atOnce < MOST_AT_ONCE) queue.atOnce += 1;
    else if (queue.waiting.length >= MOST_WAITING) throw new TooManyOperations(MOST_AT_ONCE, MOST_WAITING);
    else await new Promise<void>((begin) => queue.waiting.push(begin));
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const next = queue.waiting.shift();
      if (next !== undefined) return next(); // the turn goes on to it
      queue.atOnce -= 1;
      if (queue.atOnce === 0) this.queues.delete(key);
    };
  }

  /** The same for a request, whose turn ends when its answer was taken. @throws TooManyOperations */
  async takeFor(caller: Caller, response: Pick<ServerResponse, 'once' | 'destroy' | 'closed'>): Promise<void> {
    const end = await this.take(caller);
    if (response.closed) return end();
    const late = setTimeout(() => response.destroy(), HELD_MS).unref();
    response.once('close', () => {
      clearTimeout(late);
      end();
    });
  }
}

/** What answers leave by: a WebSocket. */
export interface Channel {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Until what a WebSocket was given is taken but for a little. One that takes nothing for long is closed. @param withinMs  how long that is */
export async function taken(channel: Channel, withinMs = TAKEN_WITHIN_MS): Promise<void> {
  const began = performance.now();
  await setImmediate(); // the answer is being handed over
  while (channel.readyState === channel.OPEN && channel.bufferedAmount > UNTAKEN_BYTES) {
    if (performance.now() - began > withinMs) {
      channel.close(...UNTAKEN);
      setTimeout(() => channel.terminate(), LOOK_EVERY_MS); // which it does not read either
      return;
    }
    await later(LOOK_EVERY_MS);
  }
}
