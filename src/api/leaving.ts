import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout as later } from 'node:timers/promises';
import { isReceiverGone, type Receiving } from './receiver.js';

/** Bytes of answers that may wait in a WebSocket before the next one is made. */
const UNTAKEN_BYTES = 2 ** 20;
/** How long more than that may wait. */
export const TAKEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** RFC 6455's registry: Try Again Later. */
const UNTAKEN = [1013, 'Answers are not taken'] as const;

/** What an operation's answers leave by. */
export interface Leaving {
  /** Nobody is there any more to take an answer. */
  isGone(): boolean;
  /** The whole of an answer was handed over: nothing more comes. */
  isWhole(): boolean;
  /** Calls once nobody is. Answers how to hear no more of it. */
  whenGone(then: () => void): () => void;
  /** Until what was handed over is taken but for a little. */
  taken(): Promise<void>;
}

interface Closing {
  once(event: 'close', then: () => void): unknown;
  off(event: 'close', then: () => void): unknown;
}

const closing = (one: Closing) => (then: () => void) => {
  one.once('close', then);
  return () => void one.off('close', then);
};

/** By a response, whose writer itself waits until a part is taken. */
export const byResponse = (response: Receiving & Pick<ServerResponse, 'writableEnded'> & Closing): Leaving => ({
  isGone: () => isReceiverGone(response),
  isWhole: () => response.writableEnded,
  whenGone: closing(response),
  taken: () => Promise.resolve(),
});

/** A WebSocket, as far as answers leave by it. */
export interface Channel extends Closing {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** By a WebSocket. One that takes nothing for long is closed. @param withinMs  how long that is */
export const byChannel = (channel: Channel, withinMs = TAKEN_WITHIN_MS): Leaving => ({
  isGone: () => channel.readyState !== channel.OPEN,
  isWhole: () => false,
  whenGone: closing(channel),
  async taken() {
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
  },
});
