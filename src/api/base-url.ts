import type { FastifyRequest } from 'fastify';
import type { PublicAddress } from '../public-address.js';

/** Where the caller reaches this server: PUBLIC_URL, or the host the request named when it is a plain host and port. No slash at the end. */
export function baseUrl(request: FastifyRequest, address: PublicAddress): string {
  if (address.isSet) return address.base;
  // HTTP/2 has the pseudo-header instead (RFC 9113 8.3.1).
  const host = request.headers.host ?? (request.headers[':authority'] as string | undefined) ?? '';
  const plain = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/.test(host);
  return plain ? `${request.protocol}://${host}` : address.base;
}
