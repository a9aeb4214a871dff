import { Fault } from '../../faults.js';

const MAXIMUM_HEADER_BYTES = 16_384;
/** So that the answer, which lists them all, stays well below the longest string there is: 0.44 KB each in JSON, 0.7 KB in XML. */
const MAXIMUM_PARTS = 250_000;
const CRLF_CRLF = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const CARRIAGE_RETURN = 0x0d;
const NO_MORE: IteratorReturnResult<undefined> = { done: true, value: undefined };

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
 * Splits a multipart body into its parts as the bytes pass (RFC 2046 5.1.1); nothing is held beyond one chunk and the
 * beginning of a boundary, and nothing is copied but at the seams. Bytes of a part that its reader leaves are passed over.
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
      await source.passBody(); // what the reader left
    }
  } finally {
    await source.close();
  }
}

/**
 * The chunks, cut at the delimiters. Its iterators are written by hand: of an async generator within another, each chunk
 * waits several turns of the event loop's microtasks, and this is the road of every byte that is stored.
 */
class DelimitedSource {
  private readonly chunks: AsyncIterator<Buffer>;
  /** Begins with the line break that the first delimiter, at the body's very start, does not have. */
  private buffer: Buffer = Buffer.from('\r\n');
  private passed = -2;
  /** The end of the chunks, or what broke them; both stay. */
  private ended = false;
  private failure: { readonly thrown: unknown } | undefined;
  private inBody = false;
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
    this.inBody = true;
    while ((await this.nextPiece('there is no first boundary')) !== undefined);
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
    if (this.buffer[0] !== CARRIAGE_RETURN || this.buffer[1] !== 0x0a)
      throw new MalformedMultipart('a boundary is followed by other bytes', this.offset);
    return false;
  }

  /** The header lines of a part; the line break that ended the boundary is still there, so that no header gives CRLF CRLF. */
  async headers(): Promise<Record<string, string>> {
    let end = this.buffer.indexOf(CRLF_CRLF);
    while (end < 0 && this.buffer.length <= MAXIMUM_HEADER_BYTES) {
      if (!(await this.more())) throw new MalformedMultipart('the body ends in the headers of a part', this.offset);
      end = this.buffer.indexOf(CRLF_CRLF);
    }
    if (end < 0 || end > MAXIMUM_HEADER_BYTES) throw new MalformedMultipart('the headers of a part are too long', this.offset);
    const lines = this.take(end + CRLF_CRLF.length)
      .toString('latin1')
      .split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    this.inBody = true;
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
    const next = async (): Promise<IteratorResult<Buffer>> => {
      const value = await this.nextPiece('the body ends inside a part');
      return value === undefined ? NO_MORE : { done: false, value };
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: () => Promise.resolve(NO_MORE) }) };
  }

  async passBody(): Promise<void> {
    while ((await this.nextPiece('the body ends inside a part')) !== undefined);
  }

  /** The next bytes before the delimiter; undefined at the delimiter, which is passed over then. */
  private async nextPiece(whyNot: string): Promise<Buffer | undefined> {
    while (this.inBody) {
      const at = this.buffer.indexOf(this.delimiter);
      if (at >= 0) {
        this.inBody = false;
        const piece = this.take(at);
        this.take(this.delimiter.length);
        return piece.length > 0 ? piece : undefined;
      }
      const begun = this.begunDelimiter();
      if (begun > 0) return this.take(begun);
      const held = this.buffer;
      this.buffer = NOTHING;
      if (!(await this.more())) {
        this.inBody = false;
        this.broken = true;
        throw new MalformedMultipart(whyNot, this.passed + held.length);
      }
      if (held.length > 0 && this.isHeldBack(held)) return held;
    }
    return undefined;
  }

  /** Where the last bytes begin what may be a delimiter: those wait for the next chunk. Only its first byte is a CR. */
  private begunDelimiter(): number {
    const { buffer, delimiter } = this;
    const at = buffer.lastIndexOf(CARRIAGE_RETURN);
    const length = buffer.length - at;
    if (at < 0 || length >= delimiter.length) return buffer.length;
    return buffer.compare(delimiter, 0, length, at) === 0 ? at : buffer.length;
  }

  /** Bytes that were held back, before a new chunk: true where they are no delimiter's beginning, and thus the part's. */
  private isHeldBack(held: Buffer): boolean {
    const missing = this.delimiter.length - held.length;
    const length = Math.min(missing, this.buffer.length);
    if (this.buffer.compare(this.delimiter, held.length, held.length + length, 0, length) === 0) {
      this.buffer = Buffer.concat([held, this.buffer]);
      return false;
    }
    this.passed += held.length;
    return true;
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
    if (this.failure !== undefined) throw this.failure.thrown;
    if (this.ended) return false;
    try {
      const { done, value } = await this.chunks.next();
      this.ended = done === true;
      if (done) return false;
      this.buffer = this.buffer.length === 0 ? value : Buffer.concat([this.buffer, value]);
      return true;
    } catch (thrown) {
      this.failure = { thrown }; // an iterator that threw would say "done" when asked again
      throw thrown;
    }
  }

  /** Gives the chunks back to whoever made them, read to their end or not. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  /** Reads the epilogue away, so that the connection can be used again. */
  private async drain(): Promise<void> {
    this.buffer = NOTHING;
    while (await this.more()) this.buffer = NOTHING;
  }
}
