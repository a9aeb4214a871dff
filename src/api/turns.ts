import type { Caller } from '../access/caller.js';
import { keyOf } from './caller-key.js';
import type { Leaving } from './leaving.js';
import { CallerGone, TooManyOperations } from './turn-faults.js';

/** Operations of a caller that are in the making, or whose answers wait to be taken: some 20 MB each at most. */
const MOST_AT_ONCE = 10;
/** That wait for their turn; events of subscriptions beside them, of which there are no more than subscriptions. */
const MOST_WAITING = 100;
/** How long an answer may take to be made and taken. */
const HELD_MS = 120_000;

interface Waiting {
  readonly isEvent: boolean;
  begin(): void;
}

interface Queue {
  atOnce: number;
  readonly waiting: Waiting[];
}

/** A turn of a request. */
export interface RequestTurn {
  /** Its answer is made: the turn ends when it is taken, or the client gone. */
  made(): void;
}

/**
 * Whose turn it is: few operations of a caller at once, whichever ways they come. A turn lasts until the answer is made and taken: who
 * hangs up has it made all the same, and who does not take answers gets no more of them made.
 */
export class Turns {
  private readonly queues = new Map<string, Queue>();

  /**
   * Waits for the caller's next turn; who is gone meanwhile gets none. Answers how to end it.
   * @param what  an event of a subscription is never refused: it waits as long as it has to
   * @throws TooManyOperations, CallerGone
   */
  async take(caller: Caller, leaving: Leaving, what: 'operation' | 'event' = 'operation'): Promise<() => void> {
    if (leaving.isGone()) throw new CallerGone();
    const key = keyOf(caller);
    const queue = this.queues.get(key) ?? { atOnce: 0, waiting: [] };
    this.queues.set(key, queue);
    if (queue.atOnce < MOST_AT_ONCE) queue.atOnce += 1;
    else if (what === 'operation' && queue.waiting.filter(({ isEvent }) => !isEvent).length >= MOST_WAITING)
      throw new TooManyOperations(MOST_AT_ONCE, MOST_WAITING);
    else await turnIn(queue, leaving, what === 'event');
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const next = queue.waiting.shift();
      if (next !== undefined) return next.begin(); // the turn goes on to it
      queue.atOnce -= 1;
      if (queue.atOnce === 0) this.queues.delete(key);
    };
  }

  /** The same for a request. @throws TooManyOperations, CallerGone  @param hangUp  for who takes too long */
  async takeFor(caller: Caller, leaving: Leaving, hangUp: () => void): Promise<RequestTurn> {
    const end = await this.take(caller, leaving);
    const late = setTimeout(() => {
      hangUp();
      end();
    }, HELD_MS).unref();
    const over = (): void => {
      clearTimeout(late);
      end();
    };
    let isMade = false;
    leaving.whenGone(() => {
      if (isMade || leaving.isWhole()) over();
    });
    return {
      made: () => {
        isMade = true;
        if (leaving.isGone()) over();
      },
    };
  }
}

const turnIn = (queue: Queue, leaving: Leaving, isEvent: boolean): Promise<void> =>
  new Promise((begin, giveUp) => {
    const one: Waiting = {
      isEvent,
      begin: () => {
        hearNoMore();
        begin();
      },
    };
    queue.waiting.push(one);
    const hearNoMore = leaving.whenGone(() => {
      const place = queue.waiting.indexOf(one);
      if (place === -1) return; // its turn came in the same moment
      queue.waiting.splice(place, 1);
      giveUp(new CallerGone());
    });
  });
