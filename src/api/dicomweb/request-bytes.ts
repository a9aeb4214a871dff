import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { Fault } from '../../faults.js';
import { AbsurdCompression, EncodedBody, MalformedEncoding, StoreRequestTooLarge } from './store-faults.js';

const MIB = 2 ** 20;
const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip], // RFC 9110 8.4.1.3
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);
/** What Accept-Encoding of a 415 answer says (RFC 9110 12.5.3). */
export const DECODED = 'gzip, deflate, br, zstd';
/** Up to here any ratio is believed; beyond, no image compresses more than this many times. */
const UNSUSPECTED_BYTES = 64 * MIB;
const MOST_TIMES = 200;

/**
 * The decoder that a Content-Encoding header asks for; undefined for none.
 * @throws EncodedBody  an unknown one, or several
 */
export function decoderOf(contentEncoding: string | undefined): (() => Transform) | undefined {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'identity');
  if (codings.length === 0) return undefined;
  const decoder = DECODERS.get(codings[0]);
  if (codings.length > 1 || decoder === undefined) throw new EncodedBody();
  return decoder;
}

/** The bytes of a request's body, decoded, up to a limit before and after. Beyond it both the part being read and the request fail. */
export class RequestBytes implements AsyncIterable<Buffer> {
  private received = 0;
  private decoded = 0;

  constructor(
    private readonly raw: Readable,
    private readonly decoder: (() => Transform) | undefined,
    private readonly limitMib: number,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    if (this.decoder === undefined) return this.bounded(this.raw, (bytes) => (this.received += bytes));
    return this.decoding(this.decoder());
  }

  /** Throws StoreRequestTooLarge or AbsurdCompression where more came than the limit. */
  requireBounded(): void {
    if (this.excess !== undefined) throw this.excess;
  }

  private get excess(): Fault | undefined {
    if (Math.max(this.received, this.decoded) > this.limitMib * MIB) return new StoreRequestTooLarge(this.limitMib);
    const isAbsurd = this.decoded > UNSUSPECTED_BYTES && this.decoded > this.received * MOST_TIMES;
    return isAbsurd ? new AbsurdCompression() : undefined;
  }

  /** Written by hand: an async generator would cost every chunk of every store request some turns more. */
  private bounded(stream: Readable, count: (bytes: number) => void): AsyncIterator<Buffer> {
    // Not destroyed with the loop: its socket must still carry the answer.
    const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    return {
      next: async () => {
        const step = await chunks.next();
        if (step.done) return step;
        count(step.value.length);
        if (this.excess !== undefined) await chunks.return?.(); // or it would keep the stream from passing the rest over
        this.requireBounded();
        return step;
      },
      return: async () => (await chunks.return?.()) ?? { done: true, value: undefined },
    };
  }

  private async *decoding(decoder: Transform): AsyncGenerator<Buffer> {
    const { raw } = this;
    let torn: Error | undefined;
    const count = (chunk: Buffer): void => void (this.received += chunk.length);
    const broken = (error?: Error): void => {
      if (raw.readableEnded) return;
      torn = error ?? new MalformedEncoding();
      decoder.destroy(torn);
    };
    raw.on('data', count).on('error', broken).on('close', broken).pipe(decoder);
    try {
      const chunks = this.bounded(decoder, (bytes) => (this.decoded += bytes));
      for (let step = await chunks.next(); !step.done; step = await chunks.next()) yield step.value;
    } catch (error) {
      throw torn === undefined && 'errno' in (error as object) ? new MalformedEncoding() : error; // zlib's errors have a number
    } finally {
      raw.off('data', count).off('error', broken).off('close', broken).unpipe(decoder);
      decoder.destroy();
    }
  }
}
