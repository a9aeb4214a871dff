import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Segment, StoredBytes } from '../../archive/stored-bytes.js';
import { breakOff } from '../broken-answer.js';
import { begin, decide, type Representation } from '../conditional.js';
import { isCoded } from '../content-coding.js';
import { multipartType } from './multipart-body.js';
import { isReceiverGone } from '../receiver.js';
import { inPieces, isOfHttp2 } from '../untaken-answers.js';

/**
 * Sends bytes whose length is known, or the range of them that was asked for, or says that the caller has them already
 * (RFC 9110 13, 14). What cannot be read gets its status before the first byte leaves.
 */
export async function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  bytes: StoredBytes,
  about: Omit<Representation, 'length'>,
): Promise<void> {
  const decision = decide(request, { ...about, length: bytes.length });
  if (decision.status === 304 || (decision.status < 400 && request.method === 'HEAD')) await bytes.onRecord();
  if (!begin(reply.type(contentType), decision)) return;
  if (decision.status === 200 && isCoded(request, reply)) return void (await reply.send(await bytes.whole()));
  const { raw } = reply;
  const asked = decision.status === 206 ? bytes.slice(decision.start, decision.end + 1) : bytes;
  let before = Promise.resolve();
  try {
    await asked.pourInto((chunk, last) => {
      if (!reply.sent) {
        reply.hijack(); // the pieces go to the socket without a stream between, so that it is known when each is free again
        raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
      }
      if (!isOfHttp2(request)) return written(raw, chunk, last);
      before = inTurn(before, raw, chunk, last);
      return before;
    });
  } catch (error) {
    if (!reply.sent) throw error;
    breakOff(reply); // a clean end would pass for a whole answer
  }
}

/** Resolves when a piece is free to be used again. Throws ReceiverGone. */
const written = (raw: FastifyReply['raw'], piece: Buffer, isLast: boolean): Promise<void> =>
  new Promise((taken, fail) => {
    if (isReceiverGone(raw)) return fail(new ReceiverGone());
    // Not `taken`: an HTTP/2 session may still hold the piece of a stream that was closed.
    const gone = () => fail(new ReceiverGone());
    raw.once('close', gone);
    const done = (error?: Error | null) => (raw.off('close', gone), error ? fail(error) : taken());
    if (isLast) raw.end(piece, done);
    else raw.write(piece, done);
  });

/** The same over HTTP/2 once the one before is written, in pieces: how far it is taken is seen by them. */
async function inTurn(before: Promise<void>, raw: FastifyReply['raw'], chunk: Buffer, isLast: boolean): Promise<void> {
  await before;
  const pieces = [...inPieces(chunk)];
  for (const [i, piece] of pieces.entries()) await written(raw, piece, isLast && i === pieces.length - 1);
}

/** Nobody listens any more. */
class ReceiverGone extends Error {}

/** A part to send: its header lines, and what its body is made of. */
export interface KnownPart {
  readonly headers: readonly string[];
  readonly segments: readonly Segment[];
}

/**
 * A multipart/related body (RFC 2387) as segments. The boundary is made from what the parts are (`name`, such as a hash), not
 * by chance: the same answer has the same bytes, so that it can be validated and asked for by ranges.
 */
export function multipartSegments(type: string, name: string, parts: readonly KnownPart[]): { contentType: string; segments: Segment[] } {
  const boundary = `wetread-${name}`;
  const segments = parts.flatMap(({ headers, segments }, i): Segment[] => [
    Buffer.from(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1'),
    ...segments,
  ]);
  segments.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
  return { contentType: multipartType(type, boundary), segments };
}
