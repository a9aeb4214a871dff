import { createHash, randomUUID } from 'node:crypto';

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

/**
 * A multipart/related body piece by piece, and its Content-Type. The head of a part comes when its first bytes are there.
 * @param boundary  from `boundaryOf` where the answer has an entity tag
 */
export function multipartBody(
  type: string,
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
  boundary: string = randomUUID(),
): { pieces: AsyncGenerator<Uint8Array, undefined>; contentType: string } {
  async function* bytes(): AsyncGenerator<Uint8Array, undefined> {
    let first = true;
    for await (const { headers, body } of parts) {
      let head: Uint8Array | undefined = Buffer.from(`${first ? '' : '\r\n'}--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`);
      first = false;
      for await (const piece of await body()) {
        if (head !== undefined) yield head;
        head = undefined;
        yield piece;
      }
      if (head !== undefined) yield head;
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
    return undefined;
  }
  return { pieces: bytes(), contentType: multipartType(type, boundary) };
}
