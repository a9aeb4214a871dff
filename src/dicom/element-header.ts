import type { ByteWindow } from './byte-window.js';
import { vrOf } from './data-dictionary.js';
import type { Tag } from './dicom-json.js';
import { tag } from './dicom-json.js';
import type { Encoding } from './encoding.js';
import { MalformedElement, Truncated } from './faults.js';
import type { ReadingNotes } from './reading-notes.js';
import { valueRepresentation, vrOfLetters } from './value-representations.js';

export const UNDEFINED_LENGTH = 0xffffffff;

/** Tag, VR and length of an element (PS3.5 7.1); the window stands at its value after that. */
export interface ElementHeader {
  readonly tag: Tag;
  readonly vr: string;
  /** Bytes of the value field, or UNDEFINED_LENGTH. */
  readonly length: number;
}

const u16 = ({ buffer, position }: ByteWindow, at: number, littleEndian: boolean): number =>
  littleEndian ? buffer.readUInt16LE(position + at) : buffer.readUInt16BE(position + at);
const u32 = ({ buffer, position }: ByteWindow, at: number, littleEndian: boolean): number =>
  littleEndian ? buffer.readUInt32LE(position + at) : buffer.readUInt32BE(position + at);

/** Tags met before: making the text of a tag costs more than all else about an element. Bounded, as input decides. */
const TAGS_MET = new Map<number, Tag>();
const MOST_TAGS_MET = 20_000;

/** The tag at the window; eight bytes must be at hand. */
export function peekTag(window: ByteWindow, { littleEndian }: Encoding): Tag {
  const group = u16(window, 0, littleEndian);
  const element = u16(window, 2, littleEndian);
  const met = TAGS_MET.get(group * 0x10000 + element);
  if (met !== undefined) return met;
  const made = tag(group, element);
  if (TAGS_MET.size < MOST_TAGS_MET) TAGS_MET.set(group * 0x10000 + element, made);
  return made;
}

/** The 32-bit length that follows a tag directly: in implicit VR, and in every item and delimiter (PS3.5 7.5). */
export const peekLength = (window: ByteWindow, { littleEndian }: Encoding): number => u32(window, 4, littleEndian);

/** The VR that the two letters after a tag are; undefined where PS3.5 knows none. */
const peekVr = ({ buffer, position }: ByteWindow): string | undefined => vrOfLetters(buffer[position + 4], buffer[position + 5]);

/** True where the bytes after a tag are a VR that PS3.5 knows. */
export const looksExplicit = (window: ByteWindow): boolean => peekVr(window) !== undefined;

/** True where the bytes after a tag cannot be a VR: not two capital letters. */
export const looksImplicit = ({ buffer, position }: ByteWindow): boolean =>
  !isCapital(buffer[position + 4]) || !isCapital(buffer[position + 5]);

const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** Bytes of the longest header: tag, VR, two reserved, 32-bit length. */
const LONGEST_HEADER_BYTES = 12;

/** How many bytes must be at hand to read the header of the element at the window, of which the first eight are. */
export function headerBytes(window: ByteWindow): number {
  if (window.available >= LONGEST_HEADER_BYTES || looksImplicit(window)) return 8;
  const vr = peekVr(window);
  return vr === undefined || valueRepresentation(vr).longLength ? LONGEST_HEADER_BYTES : 8;
}

/**
 * Reads one element's header, of which all bytes must be at hand, fewer only where the stream ends, and eight at least. No
 * generator, as this is done a hundred times a file.
 * @throws MalformedElement  no VR where there must be one
 * @throws Truncated  the stream ends in the header
 */
export function readElementHeader(window: ByteWindow, encoding: Encoding, pixelRepresentation: number, notes: ReadingNotes): ElementHeader {
  const tag = peekTag(window, encoding);
  if (!encoding.explicit) {
    const length = peekLength(window, encoding);
    window.skip(8);
    return { tag, vr: vrOf(tag, pixelRepresentation), length };
  }
  const vr = peekVr(window) ?? unknownVr(window, notes);
  if (!valueRepresentation(vr).longLength) {
    const length = u16(window, 6, encoding.littleEndian);
    window.skip(8);
    return { tag, vr, length };
  }
  if (window.available < LONGEST_HEADER_BYTES) throw new Truncated(notes.place);
  const length = u32(window, 8, encoding.littleEndian);
  window.skip(12);
  return { tag, vr, length };
}

/** A VR younger than this reader has a 32-bit length (PS3.5 6.2, 7.1.2), so its value can be kept as UN. */
function unknownVr(window: ByteWindow, notes: ReadingNotes): string {
  if (looksImplicit(window)) throw new MalformedElement('an element has no VR', notes.place);
  notes.warn('vr-unknown');
  return 'UN';
}
