import type { DicomElement, DicomValue, PersonName, Tag } from './dicom-json.js';
import { UnwritableValue } from './faults.js';
import { valueRepresentation } from './value-representations.js';

/** The longest DS that PS3.5 Table 6.2-1 allows, characters. */
const LONGEST_DS = 16;
/** A DS, with the spaces that mean nothing (PS3.5 Table 6.2-1). */
export const DECIMAL_STRING = /^ *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *$/;

/**
 * The value field of an element that is no sequence: little endian, UTF-8, padded to even length (PS3.5 6.2).
 * @throws UnwritableValue  a value its VR cannot hold, or one that is elsewhere (BulkDataURI)
 */
export function valueBytes(element: DicomElement, at: Tag): Buffer {
  if (element.BulkDataURI !== undefined) throw new UnwritableValue('its bytes are not at hand', at);
  const { kind } = valueRepresentation(element.vr);
  if (element.InlineBinary !== undefined) return inlineBytes(element.InlineBinary, element.vr, at);
  const values = element.Value ?? [];
  if (kind === 'text') return padded(Buffer.from(textOf(element.vr, values, at), 'utf8'), element.vr === 'UI' ? 0 : 0x20);
  if (kind === 'numbers') return Buffer.concat(values.map((value) => numberBytes(element.vr, value, at)));
  if (kind === 'tags') return Buffer.concat(values.map((value) => tagBytes(value, at)));
  if (values.length > 0) throw new UnwritableValue('binary data is InlineBinary, not Value', at);
  return Buffer.alloc(0);
}

/** RFC 4648 section 4, strictly: Node's own decoder passes over whatever is no base64. Only binary VRs have it (PS3.18 F.2.7). */
function inlineBytes(base64: string, vr: string, at: Tag): Buffer {
  const { kind, unit } = valueRepresentation(vr);
  if (kind !== 'binary') throw new UnwritableValue('InlineBinary is for binary VRs', at);
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw new UnwritableValue('InlineBinary is no base64', at);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % unit !== 0) throw new UnwritableValue('InlineBinary has part of a word', at);
  return padded(bytes, 0);
}

function padded(bytes: Buffer, padding: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([padding])]);
}

function textOf(vr: string, values: readonly DicomValue[], at: Tag): string {
  const { multiple } = valueRepresentation(vr);
  if (!multiple && values.length > 1) throw new UnwritableValue('its VR holds one value', at);
  const texts = values.map((value) => oneText(vr, value, at));
  for (const text of texts) {
    if (multiple && text.includes('\\')) throw new UnwritableValue('a backslash separates values and cannot be in one', at);
    if (!text.isWellFormed()) throw new UnwritableValue('text holds half a character', at);
    if (text.includes('\0')) throw new UnwritableValue('text holds U+0000', at);
  }
  return texts.join('\\');
}

function oneText(vr: string, value: DicomValue, at: Tag): string {
  if (value === null) return '';
  if (vr === 'PN') return personNameText(value, at);
  if (typeof value === 'string') return vr === 'DS' ? fittingDecimal(value, at) : value;
  if (typeof value !== 'number' || (vr !== 'DS' && vr !== 'IS')) throw new UnwritableValue('text was expected', at);
  if (vr === 'DS') return decimalString(value, at);
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) throw new UnwritableValue('an IS is a 32-bit integer', at);
  return String(value);
}

/** The number in at most sixteen characters, as exactly as these allow. */
export function decimalString(value: number, at: Tag): string {
  if (!Number.isFinite(value)) throw new UnwritableValue('a DS is a finite number', at);
  for (let digits = 17; digits > 0; digits--) {
    const rounded = Number(value.toPrecision(digits));
    const text = [String(rounded), rounded.toExponential()].find(({ length }) => length <= LONGEST_DS);
    if (text !== undefined) return text;
  }
  throw new UnwritableValue('a DS has at most 16 characters', at);
}

/** Text of a DS that is too long as the nearest that is not; what is no number stays what it is. */
function fittingDecimal(text: string, at: Tag): string {
  if (text.length <= LONGEST_DS || !DECIMAL_STRING.test(text)) return text;
  const trimmed = text.trim();
  const number = Number(trimmed);
  return trimmed.length <= LONGEST_DS || !Number.isFinite(number) ? trimmed : decimalString(number, at);
}

/** A value of a DS as it is written, and whether that is another than was given. */
export function writtenDecimal(value: number | string, at: Tag): { readonly text: string; readonly rounded: boolean } {
  if (typeof value === 'string') {
    const text = fittingDecimal(value, at);
    return { text, rounded: text.trim() !== value.trim() };
  }
  const text = decimalString(value, at);
  return { text, rounded: Number(text) !== value };
}

function personNameText(value: DicomValue, at: Tag): string {
  if (typeof value !== 'object' || value === null) throw new UnwritableValue('a person name was expected', at);
  const { Alphabetic, Ideographic, Phonetic } = value as PersonName; // a PN's value is never an item
  const groups = [Alphabetic, Ideographic, Phonetic].map((group) => group ?? '');
  if (groups.some((group) => group.includes('='))) throw new UnwritableValue('"=" separates component groups', at);
  return groups.join('=').replace(/=+$/, '');
}

const WRITERS: Readonly<Record<string, (bytes: Buffer, value: string | number) => number>> = {
  FD: (bytes, value) => bytes.writeDoubleLE(floating(value)),
  FL: (bytes, value) => bytes.writeFloatLE(floating(value)),
  SL: (bytes, value) => bytes.writeInt32LE(integer(value)),
  SS: (bytes, value) => bytes.writeInt16LE(integer(value)),
  SV: (bytes, value) => bytes.writeBigInt64LE(BigInt(value)),
  UL: (bytes, value) => bytes.writeUInt32LE(integer(value)),
  US: (bytes, value) => bytes.writeUInt16LE(integer(value)),
  UV: (bytes, value) => bytes.writeBigUInt64LE(BigInt(value)),
};

/** "NaN", "Infinity" and "-Infinity" are text in JSON. */
function floating(value: string | number): number {
  const number = Number(value);
  if (Number.isNaN(number) && value !== 'NaN') throw new RangeError();
  return number;
}

function integer(value: string | number): number {
  if (!Number.isInteger(value)) throw new RangeError();
  return Number(value);
}

function numberBytes(vr: string, value: DicomValue, at: Tag): Buffer {
  if (typeof value !== 'number' && typeof value !== 'string') throw new UnwritableValue('a number was expected', at);
  const bytes = Buffer.alloc(valueRepresentation(vr).unit);
  try {
    WRITERS[vr](bytes, value);
  } catch {
    throw new UnwritableValue('a number is outside what its VR holds', at); // RangeError, or BigInt's SyntaxError
  }
  return bytes;
}

function tagBytes(value: DicomValue, at: Tag): Buffer {
  if (typeof value !== 'string' || !/^[0-9A-Fa-f]{8}$/.test(value)) throw new UnwritableValue('a tag was expected', at);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(Number.parseInt(value.slice(0, 4), 16), 0);
  bytes.writeUInt16LE(Number.parseInt(value.slice(4), 16), 2);
  return bytes;
}
