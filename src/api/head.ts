import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { isStream } from './content-coding.js';

/**
 * The body of an answer to HEAD (RFC 9110 9.3.2), on its way out: a stream is closed unread, where Fastify would read it to
 * its end; of a 304, which has no body, no length is told.
 */
export function headless(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method !== 'HEAD') return payload;
  if (isStream(payload)) {
    payload.on('error', () => undefined); // of closing it before it was open
    payload.destroy();
    return Readable.from([]);
  }
  return reply.statusCode === 304 ? Readable.from([]) : payload;
}
