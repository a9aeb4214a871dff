import type { WebSocket } from 'ws';
import type { Caller } from '../access/caller.js';

/** Longer than a timer can wait: no token is good for as long. */
const LONGEST_MS = 2 ** 31 - 1;
/** What is told to who stays on after its token is over (graphql-ws's own code for it). */
const UNAUTHORIZED = 4401;

/** A connection that stays open ends with the token that opened it. */
export function endWithToken({ expires }: Caller, socket: Pick<WebSocket, 'close' | 'once'>): void {
  if (expires === undefined) return;
  const end = setTimeout(() => socket.close(UNAUTHORIZED, 'the access token has expired'), Math.min(expires - Date.now(), LONGEST_MS));
  socket.once('close', () => clearTimeout(end));
}
