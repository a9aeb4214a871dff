import { PiecePool } from './piece-pool.js';

/** Bytes of a stored file, by its SHA-256. */
export interface StoredRange {
  readonly sha256: string;
  readonly offset: number;
  readonly length: number;
}

/** What an answer is made of: bytes at hand, and ranges of stored files. */
export type Segment = Uint8Array | StoredRange;

/** What reads stored files: a storage. */
export interface ObjectReader {
  /** How many bytes are asked for at once. */
  readonly chunkBytes: number;
  /** Fills `target` with the bytes of a stored file from `offset` on. Throws ObjectMissing. */
  readInto(sha256: string, target: Uint8Array, offset: number): Promise<void>;
}

/** Takes bytes on; they are free to be used again when it resolves. `last`: no more come. */
export type Pour = (piece: Buffer, last: boolean) => Promise<void>;

/**
 * The bytes of an answer, whose length is known before any of them is read. They are not given before the look at them is on
 * record. Memory: one chunk and the next, whatever the length.
 */
export class StoredBytes {
  readonly length: number;
  private recorded: Promise<unknown> | undefined;

  /**
   * @param look  resolves when the look is on record; begun when the first bytes are read where it is a function: what cannot be read is not on
   *   record as given. Where it fails, so does reading.
   */
  constructor(
    private readonly storage: ObjectReader,
    private readonly segments: readonly Segment[],
    private readonly look: Promise<unknown> | (() => Promise<unknown>),
  ) {
    this.length = lengthOf(segments);
    if (look instanceof Promise) look.catch(() => undefined); // heard again by whoever reads
  }

  /** Puts the look at them on record, once; for what is told of them without being read. */
  onRecord(): Promise<unknown> {
    this.recorded ??= this.look instanceof Promise ? this.look : this.look();
    return this.recorded;
  }

  /** The bytes from `start` up to, without, `end` (RFC 9110 14.1.2 counts its last one in). */
  slice(start: number, end: number): StoredBytes {
    const within: Segment[] = [];
    let at = 0;
    for (const segment of this.segments) {
      const from = Math.max(0, start - at);
      const to = Math.min(segment.length, end - at);
      if (from < to) within.push(part(segment, from, to));
      at += segment.length;
    }
    return new StoredBytes(this.storage, within, () => this.onRecord());
  }

  /** All bytes in one piece: for what is small. Throws ObjectMissing, StorageAway, DatabaseAway. */
  async whole(): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(this.length);
    await this.fill(bytes, this.segments);
    await this.onRecord();
    return bytes;
  }

  /**
   * Pours the bytes out piece by piece: the next is read while one is on its way. What cannot be read throws before the first
   * piece is poured, or breaks off after it. Throws ObjectMissing, StorageAway, DatabaseAway, and what `pour` throws.
   */
  async pourInto(pour: Pour): Promise<void> {
    const pool = poolOf(this.storage);
    const pouring: Promise<void>[] = [];
    const chunks = chunked(this.segments, this.storage.chunkBytes);
    let chunk = chunks.next();
    for (let turn = 0; !chunk.done || turn === 0; turn++) {
      const segments = chunk.value ?? [];
      await pouring[turn - 2]; // two pieces at once: one is filled while the other is poured
      const piece = pool.take(lengthOf(segments));
      await this.fill(piece, segments);
      await this.onRecord();
      chunk = chunks.next();
      const poured = pour(piece, chunk.done === true).then(() => pool.giveBack(piece));
      poured.catch(() => undefined); // heard in its turn
      pouring[turn] = poured;
    }
    await Promise.all(pouring);
  }

  /** The bytes piece by piece, each in memory of its own. Throws as `whole` does. */
  async *pieces(): AsyncGenerator<Buffer> {
    for (const segments of chunked(this.segments, this.storage.chunkBytes))
      yield await new StoredBytes(this.storage, segments, () => this.onRecord()).whole();
  }

  private async fill(bytes: Buffer, segments: readonly Segment[]): Promise<void> {
    const reads: Promise<void>[] = [];
    let at = 0;
    for (const run of runsOf(segments)) {
      const [segment] = run;
      const length = lengthOf(run);
      const target = bytes.subarray(at, at + length);
      if (segment instanceof Uint8Array) target.set(segment);
      else if (run.length === 1) reads.push(this.storage.readInto(segment.sha256, target, segment.offset));
      else reads.push(this.readRun(target, run as readonly StoredRange[]));
      at += length;
    }
    await Promise.all(reads);
  }

  /** Small ranges that lie beside each other, in one read: a frame may be of a hundred thousand fragments. */
  private async readRun(target: Buffer, run: readonly StoredRange[]): Promise<void> {
    const [{ sha256, offset: start }] = run;
    const last = run[run.length - 1];
    const all = Buffer.allocUnsafe(last.offset + last.length - start);
    await this.storage.readInto(sha256, all, start);
    let at = 0;
    for (const { offset, length } of run) at += all.copy(target, at, offset - start, offset - start + length);
  }
}

/** Of ranges shorter than this it is dearer to ask for each than to read what lies between them: an item's header (PS3.5 A.4). */
const SMALL_BYTES = 4_096;
const GAP_BYTES = 16;

/** Segments in order: small ranges of a file that follow each other together, each other one by itself. */
function* runsOf(segments: readonly Segment[]): Generator<readonly Segment[]> {
  let run: Segment[] = [];
  for (const segment of segments) {
    const before = run.at(-1);
    if (before !== undefined && !isNeighbour(before, segment)) {
      yield run;
      run = [];
    }
    run.push(segment);
  }
  if (run.length > 0) yield run;
}

function isNeighbour(before: Segment, segment: Segment): boolean {
  if (before instanceof Uint8Array || segment instanceof Uint8Array || before.sha256 !== segment.sha256) return false;
  const gap = segment.offset - before.offset - before.length;
  return gap >= 0 && gap <= GAP_BYTES && before.length < SMALL_BYTES && segment.length < SMALL_BYTES;
}

const lengthOf = (segments: readonly Segment[]): number => segments.reduce((sum, segment) => sum + segment.length, 0);

const pools = new Map<number, PiecePool>();

/** Buffers of a storage's own size, for all answers. */
function poolOf({ chunkBytes }: ObjectReader): PiecePool {
  const pool = pools.get(chunkBytes) ?? new PiecePool(chunkBytes);
  pools.set(chunkBytes, pool);
  return pool;
}

const part = (segment: Segment, from: number, to: number): Segment =>
  segment instanceof Uint8Array ? segment.subarray(from, to) : { sha256: segment.sha256, offset: segment.offset + from, length: to - from };

/** The segments in groups of at most so many bytes, the large ones cut. */
function* chunked(segments: readonly Segment[], chunkBytes: number): Generator<Segment[]> {
  let group: Segment[] = [];
  let room = chunkBytes;
  for (const segment of segments)
    for (let from = 0; from < segment.length;) {
      const to = Math.min(segment.length, from + room);
      group.push(part(segment, from, to));
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield group;
      group = [];
      room = chunkBytes;
    }
  if (group.length > 0) yield group;
}
