import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { Segment, StoredBytes } from '../../archive/stored-bytes.js';

/** Sends bytes whose length is known; what cannot be read gets its status before the first of them leaves. */
export async function sendBytes(reply: FastifyReply, contentType: string, bytes: StoredBytes): Promise<void> {
  reply.type(contentType).header('content-length', bytes.length);
  if (bytes.isSmall) return void (await reply.send(await bytes.whole()));
  const pieces = bytes.pieces();
  const { value: first } = await pieces.next();
  await reply.send(Readable.from(onwards(first ?? Buffer.alloc(0), pieces), { objectMode: false, highWaterMark: 1 << 20 }));
}

async function* onwards(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

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
  return { contentType: `multipart/related; type="${type}"; boundary=${boundary}`, segments };
}
