import type { CharacterSet } from './character-sets.js';
import { decodeText } from './character-sets.js';
import type { DicomElement, DicomValue, PersonName } from './dicom-json.js';
import type { ReadingNotes } from './reading-notes.js';
import { valueRepresentation } from './value-representations.js';

/** What the meaning of a value's bytes depends on besides its VR. */
export interface ValueContext {
  readonly littleEndian: boolean;
  readonly characterSet: CharacterSet;
  readonly notes: ReadingNotes;
}

/**
 * The bytes of one value field as an element of DICOM JSON (PS3.18 F.2): padding gone, text in Unicode without U+0000,
 * an empty value among others null, no `Value` at all where the field is empty.
 */
export function elementOf(vr: string, bytes: Buffer, context: ValueContext): DicomElement {
  if (bytes.length === 0) return { vr };
  const { kind } = valueRepresentation(vr);
  if (kind === 'text') return withValues(vr, textValues(vr, bytes, context));
  if (kind === 'numbers') return withValues(vr, numberValues(vr, bytes, context));
  if (kind === 'tags') return withValues(vr, tagValues(bytes, context));
  // InlineBinary is little endian whatever the file was (PS3.18 F.2.7).
  return { vr, InlineBinary: (context.littleEndian ? bytes : inOtherByteOrder(vr, bytes)).toString('base64') };
}

function withValues(vr: string, values: DicomValue[]): DicomElement {
  return values.length === 0 || (values.length === 1 && values[0] === null) ? { vr } : { vr, Value: values };
}

function textValues(vr: string, bytes: Buffer, { characterSet, notes }: ValueContext): DicomValue[] {
  const { multiple } = valueRepresentation(vr);
  const text = withoutNul(vr, decodeText(bytes, vr, characterSet, notes), notes);
  const values = multiple && text.includes('\\') ? text.split('\\') : [text];
  return values.map((value) => {
    const trimmed = trimValue(vr, value);
    if (trimmed === '') return null;
    if (vr === 'PN') return personName(trimmed);
    return vr === 'DS' || vr === 'IS' ? decimal(trimmed, notes) : trimmed;
  });
}

/** NUL pads old text and UIDs; within text it is an error, and Postgres holds no U+0000. A UID without it would be another's. */
function withoutNul(vr: string, text: string, notes: ReadingNotes): string {
  if (!text.includes('\0')) return text;
  let end = text.length;
  while (text[end - 1] === '\0') end--; // no pattern: `\0+$` takes quadratic time where others follow
  const unpadded = text.slice(0, end);
  if (!unpadded.includes('\0')) return unpadded;
  notes.warn('nul-in-text');
  return unpadded.replaceAll('\0', vr === 'UI' ? ' ' : '');
}

/** Without the spaces that mean nothing (PS3.5 Table 6.2-1): at the end always, at the start by VR. */
function trimValue(vr: string, value: string): string {
  let end = value.length;
  while (end > 0 && value.charCodeAt(end - 1) === 0x20) end--;
  let start = 0;
  if (valueRepresentation(vr).trimStart) while (start < end && value.charCodeAt(start) === 0x20) start++;
  return value.slice(start, end);
}

/** Component groups of a PN (PS3.5 6.2.1, PS3.18 F.2.2): alphabetic, ideographic, phonetic; empty ones are left out. */
function personName(text: string): PersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=');
  const name: PersonName = {};
  if (alphabetic !== '') name.Alphabetic = alphabetic;
  if (ideographic !== '') name.Ideographic = ideographic;
  if (phonetic !== '') name.Phonetic = phonetic;
  return alphabetic + ideographic + phonetic === '' ? null : name;
}

const DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** DS or IS as a number; what is none, or too great for one, stays the text it is. */
function decimal(text: string, notes: ReadingNotes): number | string {
  const number = DECIMAL.test(text) ? Number(text) : NaN;
  if (Number.isFinite(number)) return withoutSign(number);
  notes.warn('value-not-a-number');
  return text;
}

/** JSON has no -0: it would be another value once it has been text. */
const withoutSign = (number: number): number => (number === 0 ? 0 : number);

type Reader = (bytes: Buffer, at: number) => number | bigint;
const READERS: Readonly<Record<string, readonly [little: Reader, big: Reader]>> = {
  FD: [(b, at) => b.readDoubleLE(at), (b, at) => b.readDoubleBE(at)],
  FL: [(b, at) => b.readFloatLE(at), (b, at) => b.readFloatBE(at)],
  SL: [(b, at) => b.readInt32LE(at), (b, at) => b.readInt32BE(at)],
  SS: [(b, at) => b.readInt16LE(at), (b, at) => b.readInt16BE(at)],
  SV: [(b, at) => b.readBigInt64LE(at), (b, at) => b.readBigInt64BE(at)],
  UL: [(b, at) => b.readUInt32LE(at), (b, at) => b.readUInt32BE(at)],
  US: [(b, at) => b.readUInt16LE(at), (b, at) => b.readUInt16BE(at)],
  UV: [(b, at) => b.readBigUInt64LE(at), (b, at) => b.readBigUInt64BE(at)],
};

function numberValues(vr: string, bytes: Buffer, { littleEndian, notes }: ValueContext): DicomValue[] {
  const { unit } = valueRepresentation(vr);
  const read = READERS[vr][littleEndian ? 0 : 1];
  if (bytes.length % unit !== 0) notes.warn('length-not-whole-values');
  const values: DicomValue[] = [];
  for (let at = 0; at + unit <= bytes.length; at += unit) values.push(jsonNumber(read(bytes, at)));
  return values;
}

/** JSON has no NaN, no infinity (here "NaN", "Infinity", "-Infinity"), and no exact integer beyond 2^53 (PS3.18 F.2.2). */
function jsonNumber(value: number | bigint): number | string {
  if (typeof value === 'number') return Number.isFinite(value) ? withoutSign(value) : String(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function tagValues(bytes: Buffer, { littleEndian, notes }: ValueContext): DicomValue[] {
  if (bytes.length % 4 !== 0) notes.warn('length-not-whole-values');
  const read = READERS.US[littleEndian ? 0 : 1];
  const values: DicomValue[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const parts = [read(bytes, at), read(bytes, at + 2)];
    values.push(parts.map((part) => part.toString(16).toUpperCase().padStart(4, '0')).join(''));
  }
  return values;
}

/** The numbers or words of a value in the other byte order; a new buffer, unless the VR has no byte order or a word is not whole. */
export function inOtherByteOrder(vr: string, bytes: Buffer): Buffer {
  const { unit } = valueRepresentation(vr);
  if (unit === 1 || bytes.length % unit !== 0) return bytes;
  const swapped = Buffer.from(bytes);
  if (unit === 2) return swapped.swap16();
  return unit === 4 ? swapped.swap32() : swapped.swap64();
}
