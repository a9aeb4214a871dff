import type { IncomingHttpHeaders } from 'node:http';
import type { PublicAddress } from '../public-address.js';

/**
 * A browser lets any page open a WebSocket to any server and read what comes; no CORS holds it. So a page must come from
 * this server, or from where it stands for its clients. What is no browser sends no Origin.
 */
export function isOwnPage({ origin, host }: IncomingHttpHeaders, address: PublicAddress): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && [host, new URL(address.base).host].includes(new URL(origin).host);
}
