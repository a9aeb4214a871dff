import type { IncomingMessage } from 'node:http';
import type { Settings } from '../settings.js';

/**
 * Network address of who asks: of the connection; behind a declared proxy (TLS_PROXY) what that one has seen, which is the last of
 * X-Forwarded-For: those before it anybody may have written.
 */
export function networkOf(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  { TLS_PROXY }: Pick<Settings, 'TLS_PROXY'>,
): string {
  const seen = TLS_PROXY === '1' ? [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() : undefined;
  return seen === undefined || seen === '' ? (socket?.remoteAddress ?? '') : seen.slice(0, 64);
}
