import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A part to send: its header lines and its bytes, opened only when its turn comes. */
export interface OutgoingPart {
  readonly headers: readonly string[];
  readonly body: () => Bytes | Promise<Bytes>;
}

/** The Content-Type of a multipart/related body (RFC 2387). */
export const multipartType = (type: string, boundary: string): string => `multipart/related; type="${type}"; boundary=${boundary}`;

/**
 * A boundary made of what the parts are, told by an entity tag, not by chance: what has the same strong tag has the same bytes
 * (RFC 9110 8.8.1). A hash, since a tag may be longer than a boundary (RFC 2046 5.1.1: 70 characters).
 */
export const boundaryOf = (etag: string): string => `wetread-${createHash('sha256').update(etag).digest('hex').slice(0, 32)}`;

/** A multipart/related body as a stream, and its Content-Type. @param boundary  from `boundaryOf` where the answer has an entity tag */
export function multipartBody(
  type: string,
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
  boundary: string = randomUUID(),
): { stream: Readable; contentType: string } {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let first = true;
    for await (const { headers, body } of parts) {
      yield Buffer.from(`${first ? '' : '\r\n'}--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`);
      first = false;
      yield* await body();
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  return {
    stream: Readable.from(bytes(), { objectMode: false, highWaterMark: 1 << 18 }),
    contentType: multipartType(type, boundary),
  };
}
