import type { Caller } from '../access/caller.js';

/** What is told to who stays on after its token is over (graphql-ws's own code for it). */
export const UNAUTHORIZED = 4401;
/** How long after it was taken back a token's connection may stay open. */
const LOOK_EVERY_MS = 2_000;

/** What stays open: a WebSocket, a stream of events. */
export interface Connection {
  close(code: number, reason: string): void;
  once(event: 'close', over: () => void): unknown;
}

/**
 * A connection that stays open ends with the token that opened it: when that expires, or is taken back.
 * @param isStillGood  checks the token again; rejects where it is refused
 */
export function endWithToken({ rights }: Caller, connection: Connection, isStillGood: () => Promise<unknown>): void {
  if (rights === undefined) return;
  const looking = setInterval(() => {
    isStillGood().catch(() => connection.close(UNAUTHORIZED, 'the access token is good no more'));
  }, LOOK_EVERY_MS);
  connection.once('close', () => clearInterval(looking));
}
