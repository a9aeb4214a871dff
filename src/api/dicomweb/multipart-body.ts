import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A part to send: its header lines and its bytes, opened only when its turn comes. */
export interface OutgoingPart {
  readonly headers: readonly string[];
  readonly body: () => Bytes | Promise<Bytes>;
}

/** A multipart/related body (RFC 2387) as a stream, and the Content-Type that names its boundary. */
export function multipartBody(
  type: string,
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
): { stream: Readable; contentType: string } {
  const boundary = randomUUID();
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
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
  };
}
