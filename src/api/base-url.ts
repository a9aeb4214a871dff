import type { FastifyRequest } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { PublicAddress } from '../public-address.js';

/** What the server asks itself came by no wire, from which its address could be told. */
const outer = new AsyncLocalStorage<string>();

/** Asks the server itself on behalf of a caller who reaches it at `base`. */
export const reachedAt = <T>(base: string, ask: () => Promise<T>): Promise<T> => outer.run(base, ask);

/** Where the caller reaches this server: PUBLIC_URL, or the host the request named when it is a plain host and port. No slash at the end. */
export function baseUrl(request: FastifyRequest, address: PublicAddress): string {
  if (address.isSet) return address.base;
  const known = outer.getStore();
  if (known !== undefined) return known;
  // HTTP/2 has the pseudo-header instead (RFC 9113 8.3.1).
  const host = request.headers.host ?? (request.headers[':authority'] as string | undefined) ?? '';
  const plain = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/.test(host);
  return plain ? `${request.protocol}://${host}` : address.base;
}
