import { ELSEWHERE, END, END_64_LENGTH, END_LENGTH, LOCATOR_64_LENGTH, MANY } from '../zip-records.js';
import type { Findings } from './findings.js';

/** The bytes of a ZIP. */
export interface ZipSource {
  readonly size: number;
  /** What there is from an offset on, `length` bytes at most. */
  read(offset: number, length: number): Buffer;
}

/** The central directory: where it begins, bytes, and how many files it is said to have. */
export interface ZipEnd {
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}

const WHERE = 'the end of the ZIP';

/** The end record (4.3.16), or the ZIP64 one (4.3.14) where that has the numbers. Undefined where it is not there: that is found. */
export function readEnd(source: ZipSource, findings: Findings): ZipEnd | undefined {
  const end = source.read(Math.max(0, source.size - END_LENGTH), END_LENGTH);
  if (end.length < END_LENGTH || end.readUInt32LE(0) !== END) {
    findings.add('missing', WHERE, 'it does not end as a ZIP of this form does: it is cut off, or was changed there, or is no ZIP');
    return undefined;
  }
  const short = { count: end.readUInt16LE(10), bytes: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const is64 = short.count === MANY || short.bytes === ELSEWHERE || short.offset === ELSEWHERE;
  const found = is64 ? end64(source) : short;
  const tail = END_LENGTH + (is64 ? END_64_LENGTH + LOCATOR_64_LENGTH : 0);
  if (found === undefined || found.offset + found.bytes + tail !== source.size) {
    findings.add(
      'changed',
      WHERE,
      'what it says of the directory does not fit the length of the ZIP: it was changed, or bytes were cut out or put in',
    );
    return undefined;
  }
  return found;
}

function end64(source: ZipSource): ZipEnd | undefined {
  const at = source.size - END_LENGTH - LOCATOR_64_LENGTH - END_64_LENGTH;
  if (at < 0) return undefined;
  const record = source.read(at, END_64_LENGTH);
  const [count, bytes, offset] = [32, 40, 48].map((field) => Number(record.readBigUInt64LE(field)));
  return [count, bytes, offset].every(Number.isSafeInteger) ? { count, bytes, offset } : undefined;
}

/** Where two runs of bytes differ first. */
export function firstDifference(a: Buffer, b: Buffer): number | undefined {
  if (a.equals(b)) return undefined;
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return i;
  return Math.min(a.length, b.length);
}
