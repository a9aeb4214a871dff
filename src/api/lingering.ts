import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

/** Who still sends after that much, or that long, is no client that waits for an answer. */
const MOST_BYTES = 256 * 2 ** 20;
const MOST_MS = 30_000;

/** Whether a body is refused that is still on its way, so that its connection must close after the answer. */
export const isCutting = ({ raw }: FastifyRequest, reply: FastifyReply): boolean =>
  reply.statusCode === 413 && reply.getHeader('connection') === 'close' && raw.httpVersionMajor === 1 && !raw.complete;

/**
 * The answer to a body that is too large. A connection that is closed with bytes unread is reset, and the answer is lost with it
 * (RFC 9112 9.6): all of it goes out at once, but it does not end before the body has, which is passed over unkept.
 */
export function lingering({ raw }: FastifyRequest, reply: FastifyReply, body: string | Uint8Array): Readable {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  reply.header('Content-Length', bytes.length);
  const answer = new Readable({ read: () => undefined });
  answer.push(bytes);
  let left = MOST_BYTES;
  const over = (): void => {
    clearTimeout(timer);
    raw.off('data', pass).off('end', over).off('close', over);
    answer.push(null);
  };
  const pass = (chunk: Uint8Array): void => {
    left -= chunk.length;
    if (left < 0) over();
  };
  const timer = setTimeout(over, MOST_MS);
  raw.on('data', pass).once('end', over).once('close', over);
  return answer;
}
