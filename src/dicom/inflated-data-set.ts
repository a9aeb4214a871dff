import { createInflateRaw } from 'node:zlib';
import type { Pump } from './byte-window.js';
import { InflatedTooLarge, MalformedDeflate, Truncated } from './faults.js';
import type { ReaderLimits } from './reader-limits.js';

const PIECE_BYTES = 64 * 1024;

/**
 * Inflates a deflated data set (PS3.5 A.5) into a parser as it comes. One piece of the inflated form is held at a time,
 * and there is an end to it: a few kilobytes can be a bomb of gigabytes.
 */
export class InflatedDataSet {
  private readonly inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  private deflatedBytes = 0;
  private inflatedBytes = 0;
  private ended = false;
  private failure: unknown;
  /** Settles the write that is under way, as a stream that fails never calls it back. */
  private settle: (() => void) | undefined;

  constructor(
    private readonly parser: Pump<unknown>,
    private readonly limits: ReaderLimits,
  ) {
    this.inflate.on('data', (piece: Buffer) => this.take(piece));
    this.inflate.on('end', () => this.finish());
    this.inflate.on('error', (error: NodeJS.ErrnoException) =>
      this.fail(error.code === 'Z_BUF_ERROR' ? new Truncated({ byteOffset: this.inflatedBytes }) : new MalformedDeflate()),
    );
  }

  /** Resolves when the parser has seen all that these bytes inflate to. */
  async push(chunk: Uint8Array): Promise<void> {
    this.deflatedBytes += chunk.length;
    if (!this.ended && chunk.length > 0) await this.settled((done) => this.inflate.write(chunk, done));
    if (this.failure !== undefined) throw this.failure;
  }

  /** @throws Truncated  the deflate stream, or the data set in it, is not complete */
  async end(): Promise<void> {
    if (!this.ended) await this.settled(() => this.inflate.end());
    if (this.failure !== undefined) throw this.failure;
    this.parser.end();
  }

  private settled(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.settle = resolve;
      start(resolve);
    });
  }

  private take(piece: Buffer): void {
    if (this.failure !== undefined) return;
    this.inflatedBytes += piece.length;
    const { inflatedBytes, inflationRatio, inflatedUnsuspectedBytes } = this.limits;
    const absurd = this.inflatedBytes > inflatedUnsuspectedBytes && this.inflatedBytes > this.deflatedBytes * inflationRatio;
    if (absurd || this.inflatedBytes > inflatedBytes) return this.fail(new InflatedTooLarge());
    try {
      this.parser.push(piece);
    } catch (fault) {
      this.fail(fault);
    }
  }

  private fail(failure: unknown): void {
    this.failure ??= failure;
    this.inflate.destroy();
    this.finish();
  }

  private finish(): void {
    this.ended = true;
    this.settle?.();
  }
}
