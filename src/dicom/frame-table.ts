import type { Fragment, Fragments } from './fragments.js';
import type { ReadingNotes } from './reading-notes.js';

/** Bytes in the file: [offset, length]. */
export type ByteRange = readonly [offset: number, length: number];

/**
 * Where the frames of an instance lie, so that a frame is a ranged read of the stored file.
 * `native`: frames follow each other; where they are not whole bytes long, `frameBits` tells their length, frame n begins
 * at bit (n - 1) × frameBits, and `frameBytes` is that rounded up. `inflated`: offsets are in the inflated data set.
 * `encapsulated`: the fragments of each frame; frames that are not there are not in the list.
 * `video`: one bit stream for all frames, which cannot be taken out one by one.
 */
export type FrameTable =
  | {
      readonly kind: 'native';
      readonly offset: number;
      readonly frameBytes: number;
      readonly frames: number;
      readonly frameBits?: number;
      readonly inflated: boolean;
    }
  | { readonly kind: 'encapsulated'; readonly frames: readonly (readonly ByteRange[])[] }
  | { readonly kind: 'video'; readonly fragments: readonly ByteRange[] };

/**
 * The ranges that hold a frame, in order. A native frame that is not whole bytes long gives the bytes it touches: its
 * first bit is then (frameNumber - 1) × frameBits modulo 8, counted from the lowest bit (PS3.5 8.1.1).
 * @param frameNumber  from 1
 * @returns undefined where there is no such frame, or frames cannot be taken out one by one
 */
export function frameRanges(table: FrameTable, frameNumber: number): readonly ByteRange[] | undefined {
  if (!Number.isInteger(frameNumber) || frameNumber < 1) return undefined;
  if (table.kind === 'video') return undefined;
  if (table.kind === 'encapsulated') return table.frames[frameNumber - 1];
  if (frameNumber > table.frames) return undefined;
  if (table.frameBits === undefined) return [[table.offset + (frameNumber - 1) * table.frameBytes, table.frameBytes]];
  const first = Math.floor(((frameNumber - 1) * table.frameBits) / 8);
  const end = Math.ceil((frameNumber * table.frameBits) / 8);
  return [[table.offset + first, end - first]];
}

/** What to read for a frame. */
export interface FrameReading {
  readonly ranges: readonly ByteRange[];
  /** Where the frame begins in the first range, counted from the lowest bit of its first byte, or of its first big-endian word. */
  readonly bitOffset: number;
}

/**
 * The ranges that hold a frame, and where in them it begins.
 * @param bigEndianBytes  length of a big-endian Pixel Data: of it whole words of 16 bits are read, as a sample of an OW has its
 *   place in the word, not in the file (PS3.5 8.1.1): the last one of an odd number of bytes follows the padding
 * @returns undefined as frameRanges
 */
export function frameReading(table: FrameTable, frameNumber: number, bigEndianBytes?: number): FrameReading | undefined {
  const ranges = frameRanges(table, frameNumber);
  if (ranges === undefined || table.kind !== 'native') return ranges && { ranges, bitOffset: 0 };
  const bits = table.frameBits ?? table.frameBytes * 8;
  const start = (frameNumber - 1) * bits;
  if (bigEndianBytes === undefined) return { ranges, bitOffset: start % 8 };
  const first = Math.floor(start / 16) * 2;
  const end = Math.min(Math.ceil((start + bits) / 16) * 2, bigEndianBytes);
  return { ranges: [[table.offset + first, end - first]], bitOffset: start % 16 };
}

/** What of the Image Pixel module (PS3.3 C.7.6.3) decides a native frame's length. */
export interface FrameShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly photometricInterpretation: string;
}

/** Bits of one native frame (PS3.5 8.1, 8.2; PS3.3 C.7.6.3.1.2 for the subsampled forms, two or one and a half samples). */
export function frameBits({ rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation }: FrameShape): number {
  const samples = { YBR_FULL_422: 2, YBR_PARTIAL_422: 2, YBR_PARTIAL_420: 1.5 }[photometricInterpretation];
  return rows * columns * (samples ?? samplesPerPixel) * bitsAllocated;
}

/**
 * The table of native Pixel Data: only frames that are wholly there.
 * @param numberOfFrames  (0028,0008); undefined where it is no number: then the first frame is the only one that is sure
 */
export function nativeFrames(
  shape: FrameShape,
  { offset, length, inflated }: { offset: number; length: number; inflated: boolean },
  numberOfFrames: number | undefined,
  notes: ReadingNotes,
): FrameTable {
  const bits = frameBits(shape);
  const there = bits > 0 ? Math.floor((length * 8) / bits) : 0;
  const declared = numberOfFrames ?? 1;
  const frames = Math.min(declared, there);
  if (there < declared) notes.warn('frames-missing');
  else if (length > Math.ceil((bits * frames) / 16) * 2) notes.warn('pixel-data-length');
  const unaligned = bits % 8 !== 0;
  return {
    kind: 'native',
    offset,
    frameBytes: Math.ceil(bits / 8),
    frames,
    inflated,
    ...(unaligned && { frameBits: bits }),
  };
}

/** Offsets from the first fragment's item, as an Extended Offset Table (PS3.3 C.7.6.3.1.8) or a Basic one gives them. */
export interface OffsetTables {
  readonly extended: readonly number[];
}

/**
 * The table of encapsulated Pixel Data: by the Extended or Basic Offset Table where it points to fragments, else by
 * counting fragments or by the codestreams' first bytes. Where none of these is sure, no frame is named at all: a wrong
 * frame would be worse than none.
 * @param numberOfFrames  (0028,0008); undefined where it is no number
 * @param oneFragmentEach  RLE: a frame is one fragment (PS3.5 A.4.2)
 */
export function encapsulatedFrames(
  { basicOffsetTable, fragments }: Fragments,
  { extended }: OffsetTables,
  numberOfFrames: number | undefined,
  oneFragmentEach: boolean,
  notes: ReadingNotes,
): FrameTable {
  const offsets = extended.length > 0 ? extended : basicOffsetTable;
  const starts = offsets.length > (numberOfFrames ?? Infinity) ? undefined : pointedStarts(fragments, offsets);
  if (offsets.length > 0 && starts === undefined) notes.warn('offset-table-wrong');
  const found = starts ?? countedStarts(fragments, numberOfFrames, oneFragmentEach);
  if (found === undefined) notes.warn('frames-not-located');
  const frames = (found ?? []).map((start, i) =>
    fragments.slice(start, found?.[i + 1]).map(({ offset, length }): ByteRange => [offset, length]),
  );
  if (numberOfFrames !== undefined && found !== undefined && frames.length !== numberOfFrames) notes.warn('frames-missing');
  return { kind: 'encapsulated', frames: frames.slice(0, numberOfFrames) };
}

/** Index of each frame's first fragment by offsets; undefined unless they begin with 0, rise, and each meets a fragment. */
function pointedStarts(fragments: readonly Fragment[], offsets: readonly number[]): number[] | undefined {
  if (offsets.length === 0 || offsets[0] !== 0 || fragments.length === 0) return undefined;
  const firstItem = fragments[0].offset;
  const starts: number[] = [];
  let at = 0;
  for (const offset of offsets) {
    while (at < fragments.length && fragments[at].offset - firstItem < offset) at++;
    if (at === fragments.length || fragments[at].offset - firstItem !== offset || starts.at(-1) === at) return undefined;
    starts.push(at);
  }
  return starts;
}

/** The same without offsets; undefined where it would be a guess. */
function countedStarts(fragments: readonly Fragment[], numberOfFrames: number | undefined, oneFragmentEach: boolean): number[] | undefined {
  const each = fragments.map((_, i) => i);
  if (numberOfFrames === 1) return each.slice(0, 1);
  const starts = each.filter((i) => fragments[i].startsCodestream);
  if (starts.length > 0 && starts[0] === 0 && (starts.length === numberOfFrames || starts.length === fragments.length)) return starts;
  const noMarkers = starts.length === 0;
  if (oneFragmentEach || (noMarkers && fragments.length === numberOfFrames)) return each;
  return undefined;
}
