import type { Caller } from '../../access/caller.js';
import { keyOf } from '../caller-key.js';
import { TooManySubscriptions } from './faults.js';

/** Each event is read anew for each subscription, with its subscriber's rights and on record: one caller would slow the others. */
const MOST_OPEN = 100;
/** Connections of a caller that may have operations. */
const MOST_CONNECTIONS = 100;

/** Operations that callers have open, over all their WebSockets and event streams together. */
export class OpenOperations {
  private readonly counts = new Map<string, Set<() => number>>();

  /** @param open  how many one connection has open at the moment. Answers how to stop counting it. */
  count(caller: Caller, open: () => number): () => void {
    const key = keyOf(caller);
    const counts = this.counts.get(key) ?? new Set();
    this.counts.set(key, counts.add(open));
    return () => {
      counts.delete(open);
      if (counts.size === 0) this.counts.delete(key);
    };
  }

  /** Whether the caller may open one connection more. */
  mayConnect(caller: Caller): boolean {
    return (this.counts.get(keyOf(caller))?.size ?? 0) < MOST_CONNECTIONS;
  }

  /** Throws TooManySubscriptions where more are open than may be. */
  check(caller: Caller): void {
    let open = 0;
    for (const one of this.counts.get(keyOf(caller)) ?? []) open += one();
    if (open > MOST_OPEN) throw new TooManySubscriptions(MOST_OPEN);
  }
}
