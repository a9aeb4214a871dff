import type { ByteWindow, Parser } from './byte-window.js';
import { MalformedElement, Truncated } from './faults.js';
import type { ReadingNotes } from './reading-notes.js';

/** One fragment of encapsulated Pixel Data (PS3.5 A.4). */
export interface Fragment {
  /** Of its bytes, not of the item's header. */
  readonly offset: number;
  readonly length: number;
  /** Its first bytes are those of a codestream, so a frame begins here. */
  readonly startsCodestream: boolean;
}

/** The value field of encapsulated Pixel Data. */
export interface Fragments {
  /** Where the value field begins: the Basic Offset Table's item. */
  readonly offset: number;
  /** Up to, without, the Sequence Delimitation Item. */
  readonly length: number;
  /** Offsets from the first byte of the first fragment's item; empty where the table is. */
  readonly basicOffsetTable: readonly number[];
  readonly fragments: readonly Fragment[];
}

/** A table of more frames than any instance has is passed over; the fragments are looked at instead. */
const LARGEST_OFFSET_TABLE_BYTES = 16 * 1024 * 1024;
const MOST_FRAGMENTS = 1_000_000;
const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xe000;
const SEQUENCE_DELIMITATION = 0xe0dd;

/** Walks the items from the Basic Offset Table to the Sequence Delimitation Item; holds none of their bytes. */
export function* readFragments(window: ByteWindow, notes: ReadingNotes): Parser<Fragments> {
  const offset = window.offset;
  const fragments: Fragment[] = [];
  let basicOffsetTable: number[] | undefined;
  for (;;) {
    const itemOffset = window.offset;
    if (window.available < 8 && !(yield 8)) throw new Truncated(notes.place);
    const group = window.buffer.readUInt16LE(window.position);
    const element = window.buffer.readUInt16LE(window.position + 2);
    const length = window.buffer.readUInt32LE(window.position + 4);
    window.skip(8);
    if (group === 0xfffe && element === SEQUENCE_DELIMITATION)
      return { offset, length: itemOffset - offset, basicOffsetTable: basicOffsetTable ?? [], fragments };
    if (group !== 0xfffe || element !== ITEM || length === UNDEFINED_LENGTH)
      throw new MalformedElement('a fragment is no item of known length', { tag: notes.tag, byteOffset: itemOffset });
    if (fragments.length >= MOST_FRAGMENTS)
      throw new MalformedElement('there are too many fragments', { tag: notes.tag, byteOffset: itemOffset });
    if (basicOffsetTable === undefined) basicOffsetTable = yield* readOffsetTable(window, length, notes);
    else fragments.push(yield* readFragment(window, length, notes));
  }
}

function* readOffsetTable(window: ByteWindow, length: number, notes: ReadingNotes): Parser<number[]> {
  const offsets: number[] = [];
  if (length > LARGEST_OFFSET_TABLE_BYTES) notes.warn('offset-table-too-large');
  else {
    if (window.available < length && !(yield length)) throw new Truncated(notes.place);
    for (let at = 0; at + 4 <= length; at += 4) offsets.push(window.buffer.readUInt32LE(window.position + at));
  }
  window.skip(length);
  return offsets;
}

function* readFragment(window: ByteWindow, length: number, notes: ReadingNotes): Parser<Fragment> {
  const offset = window.offset;
  const peek = Math.min(length, 12);
  if (window.available < peek && !(yield peek)) throw new Truncated(notes.place);
  const startsCodestream = isCodestreamStart(window.buffer.subarray(window.position, window.position + peek));
  window.skip(length);
  return { offset, length, startsCodestream };
}

const STARTS: readonly Buffer[] = [
  'ffd8ff', // JPEG and JPEG-LS: SOI and the next marker
  'ff4fff51', // JPEG 2000 and HTJ2K: SOC, SIZ
  '0000000c6a502020', // JP2 file format, against PS3.5 A.4.4 but met
  'ff0a', // JPEG XL codestream
  '0000000c4a584c20', // JPEG XL container
].map((hex) => Buffer.from(hex, 'hex'));

const isCodestreamStart = (first: Buffer): boolean =>
  STARTS.some((start) => first.length >= start.length && first.subarray(0, start.length).equals(start));
