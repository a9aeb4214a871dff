const NOTHING = Buffer.alloc(0);

/**
 * The part of a byte stream that a parser stands at. It holds only what has arrived and is not read yet; a skip may
 * go past the end, and then whole chunks fall away as they come.
 */
export class ByteWindow {
  /** The bytes at hand; read them from `position`. */
  buffer: Buffer = NOTHING;
  position = 0;
  private base = 0;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;

  /** Bytes of the stream before `position`. */
  get offset(): number {
    return this.base + this.position;
  }

  /** Bytes that have arrived after `position`; negative while a skip waits for its bytes. */
  get available(): number {
    return this.buffer.length + this.waitingBytes - this.position;
  }

  skip(bytes: number): void {
    this.position += bytes;
  }

  append(chunk: Buffer): void {
    if (this.position >= this.buffer.length && this.waitingBytes === 0) {
      this.base += this.buffer.length;
      this.position -= this.buffer.length;
      this.buffer = chunk;
    } else {
      this.waiting.push(chunk);
      this.waitingBytes += chunk.length;
    }
  }

  /** Makes `buffer` one piece again, so that all that is available can be read from it. */
  join(): void {
    if (this.waitingBytes === 0) return;
    const rest = this.buffer.subarray(this.position);
    this.base += this.position;
    this.position = 0;
    this.buffer = Buffer.concat([rest, ...this.waiting]);
    this.waiting = [];
    this.waitingBytes = 0;
  }

  /** Copies what is not read yet, so that the caller may use the last chunk's memory again. */
  own(): void {
    if (this.waitingBytes > 0) {
      const last = this.waiting.length - 1;
      this.waiting[last] = Buffer.from(this.waiting[last]);
    } else if (this.position >= this.buffer.length) {
      this.base += this.buffer.length;
      this.position -= this.buffer.length;
      this.buffer = NOTHING;
    } else {
      this.base += this.position;
      this.buffer = Buffer.from(this.buffer.subarray(this.position));
      this.position = 0;
    }
  }
}

/**
 * A parser that yields the number of bytes it needs to have at hand, and is answered whether they are:
 * false says that the stream has ended before them.
 */
export type Parser<Result> = Generator<number, Result, boolean>;

/** Runs a parser on chunks as they come. */
export class Pump<Result> {
  private needed = 0;
  private result: { readonly value: Result } | undefined;
  private failure: { readonly thrown: unknown } | undefined;

  constructor(
    readonly window: ByteWindow,
    private readonly parser: Parser<Result>,
  ) {
    this.advance(true);
  }

  /** Takes the next bytes; they are not kept after the call. What the parser throws comes through, now and ever after. */
  push(chunk: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure.thrown;
    if (this.result !== undefined) return; // what follows is no part of what was parsed
    this.window.append(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    while (this.result === undefined && this.window.available >= this.needed) {
      this.window.join();
      this.advance(true);
    }
    if (this.result === undefined) this.window.own();
  }

  /** Says that no more bytes come, and gives the parser's result. */
  end(): Result {
    if (this.failure !== undefined) throw this.failure.thrown;
    this.window.join();
    while (this.result === undefined) this.advance(false);
    return this.result.value;
  }

  private advance(available: boolean): void {
    try {
      const step = this.parser.next(available);
      if (step.done) this.result = { value: step.value };
      else this.needed = step.value;
    } catch (thrown) {
      this.failure = { thrown }; // a generator that threw would say "done" when asked again
      throw thrown;
    }
  }
}
