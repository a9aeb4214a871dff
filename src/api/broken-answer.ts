import type { FastifyReply } from 'fastify';
import { Http2ServerResponse, constants } from 'node:http2';
import { finished, type Readable } from 'node:stream';

/** Breaks an answer off whose first bytes are out, so that nobody takes what came for the whole: the connection of HTTP/1, the stream of HTTP/2. */
export function breakOff(reply: FastifyReply): void {
  const raw: unknown = reply.raw;
  // Destroying the response would end its stream without an error, as if all had been said.
  if (raw instanceof Http2ServerResponse) raw.stream?.close(constants.NGHTTP2_INTERNAL_ERROR);
  else reply.raw.destroy();
}

/** Breaks an HTTP/2 answer off where its body fails; over HTTP/1 Fastify does. */
export function breakOffWith(body: Readable, reply: FastifyReply): void {
  const raw: unknown = reply.raw;
  if (!(raw instanceof Http2ServerResponse)) return;
  finished(body, { writable: false }, (error) => {
    if (error && reply.raw.headersSent) breakOff(reply);
  });
}
