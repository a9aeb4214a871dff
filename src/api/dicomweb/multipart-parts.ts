import { Fault } from '../../faults.js';

const MAXIMUM_HEADER_BYTES = 16_384;
const MAXIMUM_PARTS = 20_000;
const CRLF_CRLF = Buffer.from('\r\n\r\n');

/** The body is no multipart body (RFC 2046 5.1), or ends before it is whole. */
export class MalformedMultipart extends Fault {
  readonly code = 'malformed-multipart';
  readonly status = 400;

  constructor(
    why: string,
    readonly byteOffset: number,
  ) {
    super(`The multipart body is malformed at byte ${byteOffset}: ${why}.`);
  }
}

/** One part: its headers (names in lower case) and its bytes, which must be read before the next part comes. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

/**
 * Splits a multipart body into its parts as the bytes pass (RFC 2046 5.1.1); nothing is held beyond one chunk and a
 * boundary's length. Bytes of a part that its reader leaves are passed over.
 * A body that ends inside a part throws MalformedMultipart from that part's body, so the parts before it stay good.
 */
export async function* multipartParts(chunks: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Part> {
  const source = new DelimitedSource(chunks, Buffer.from(`\r\n--${boundary}`, 'latin1'));
  try {
    await source.passPreamble();
    for (let count = 0; !(await source.atClosing()); count++) {
      if (count === MAXIMUM_PARTS) throw new MalformedMultipart('too many parts', source.offset);
      const headers = await source.headers();
      const body = source.body();
      yield { headers, body };
      for await (const _ of body); // what the reader left
    }
  } finally {
    await source.close();
  }
}

class DelimitedSource {
  private readonly chunks: AsyncIterator<Buffer>;
  /** Begins with the line break that the first delimiter, at the body's very start, does not have. */
  private buffer: Buffer = Buffer.from('\r\n');
  private ended = false;
  private passed = -2;
  private finished = true;
  private broken = false;

  constructor(
    chunks: AsyncIterable<Buffer>,
    private readonly delimiter: Buffer,
  ) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  get offset(): number {
    return Math.max(0, this.passed);
  }

  async passPreamble(): Promise<void> {
    for await (const _ of this.upToDelimiter('there is no first boundary'));
  }

  /** After a delimiter: true at `--`, the closing one, and where the body broke off; otherwise at the line's end, and a part follows. */
  async atClosing(): Promise<boolean> {
    if (this.broken) return true; // the part that broke off has said so
    await this.need(2, 'the body ends in a boundary');
    if (this.buffer[0] === 0x2d && this.buffer[1] === 0x2d) {
      await this.drain();
      return true;
    }
    while (this.buffer[0] === 0x20 || this.buffer[0] === 0x09) {
      this.take(1); // transport padding
      await this.need(2, 'the body ends in a boundary');
    }
    if (this.buffer[0] !== 0x0d || this.buffer[1] !== 0x0a)
      throw new MalformedMultipart('a boundary is followed by other bytes', this.offset);
    return false;
  }

  /** The header lines of a part; the line break that ended the boundary is still there, so that no header gives CRLF CRLF. */
  async headers(): Promise<Record<string, string>> {
    let end = this.buffer.indexOf(CRLF_CRLF);
    while (end < 0) {
      if (this.buffer.length > MAXIMUM_HEADER_BYTES) throw new MalformedMultipart('the headers of a part are too long', this.offset);
      if (!(await this.more())) throw new MalformedMultipart('the body ends in the headers of a part', this.offset);
      end = this.buffer.indexOf(CRLF_CRLF);
    }
    const lines = this.take(end + CRLF_CRLF.length)
      .toString('latin1')
      .split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    this.finished = false;
    await this.shareLineBreak();
    return headers;
  }

  /** A part without a body: its delimiter's line break is the one that ended the headers (RFC 2046 5.1.1, body-part). */
  private async shareLineBreak(): Promise<void> {
    const bare = this.delimiter.subarray(2);
    while (this.buffer.length < bare.length && (await this.more()));
    if (!this.buffer.subarray(0, bare.length).equals(bare)) return;
    this.buffer = Buffer.concat([Buffer.from('\r\n'), this.buffer]);
    this.passed -= 2;
  }

  /** The bytes up to the next delimiter. Reading it again goes on where the last reader stopped. */
  body(): AsyncIterable<Buffer> {
    return { [Symbol.asyncIterator]: () => this.bodyPieces() };
  }

  private async *bodyPieces(): AsyncGenerator<Buffer> {
    if (this.finished) return;
    yield* this.upToDelimiter('the body ends inside a part');
    this.finished = true;
  }

  private async *upToDelimiter(whyNot: string): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.buffer.indexOf(this.delimiter);
      if (at >= 0) {
        const piece = this.take(at);
        this.take(this.delimiter.length);
        this.finished = true;
        if (piece.length > 0) yield piece;
        return;
      }
      // The last bytes may begin a delimiter: they wait for the next chunk.
      const safe = this.buffer.length - (this.delimiter.length - 1);
      if (safe > 0) yield this.take(safe);
      if (!(await this.more())) {
        this.finished = true;
        this.broken = true;
        throw new MalformedMultipart(whyNot, this.passed + this.buffer.length);
      }
    }
  }

  private async need(bytes: number, whyNot: string): Promise<void> {
    while (this.buffer.length < bytes) if (!(await this.more())) throw new MalformedMultipart(whyNot, this.offset);
  }

  private take(bytes: number): Buffer {
    const piece = this.buffer.subarray(0, bytes);
    this.buffer = this.buffer.subarray(bytes);
    this.passed += bytes;
    return piece;
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    const { done, value } = await this.chunks.next();
    if (done) {
      this.ended = true;
      return false;
    }
    this.buffer = this.buffer.length === 0 ? value : Buffer.concat([this.buffer, value]);
    return true;
  }

  /** Gives the chunks back to whoever made them, read to their end or not. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  /** Reads the epilogue away, so that the connection can be used again. */
  private async drain(): Promise<void> {
    this.buffer = Buffer.alloc(0);
    while (await this.more()) this.buffer = Buffer.alloc(0);
  }
}
