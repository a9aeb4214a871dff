import type { FastifyRequest } from 'fastify';
import type { Settings } from '../settings.js';

/** Where clients reach this server: PUBLIC_URL, or the host the request named when it is a plain host and port. No slash at the end. */
export function baseUrl(request: FastifyRequest, settings: Settings): string {
  if (settings.PUBLIC_URL !== undefined) return settings.PUBLIC_URL.replace(/\/+$/, '');
  const host = request.headers.host ?? '';
  const plain = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/.test(host);
  return `http://${plain ? host : `${settings.HOST}:${settings.PORT}`}`;
}
