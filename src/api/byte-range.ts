import { sameBytes } from './entity-tag.js';

/** Bytes of a representation, both ends included, from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Of a header that asks for one range. */
const LONGEST = 256;

/**
 * The one range that a Range header asks for (RFC 9110 14.1.2, 14.2): `0-499`, `500-` or the last `-500`.
 * @param length  bytes of the whole representation
 * @returns undefined where the whole is to be given: no header, another unit, malformed, several ranges (which a server may
 *   answer so, 14.2); `unsatisfiable` where the range begins behind the last byte
 */
export function byteRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  const [, from, to] = /^\s*bytes\s*=[\s,]*(\d*)\s*-\s*(\d*)[\s,]*$/i.exec(header) ?? [];
  if (from === undefined || (from === '' && to === '') || (from !== '' && to !== '' && Number(to) < Number(from))) return undefined;
  const start = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  return start >= length ? 'unsatisfiable' : { start, end };
}

/**
 * True when a Range header counts (RFC 9110 13.1.5): there is no If-Range, or it names the representation as it is now, by its
 * strong entity tag or by the very date of its last change.
 */
export function rangeCounts(ifRange: string | undefined, etag: string | undefined, lastModified: Date | undefined): boolean {
  if (ifRange === undefined) return true;
  const given = ifRange.trim();
  if (given.startsWith('"') || given.startsWith('W/')) return etag !== undefined && sameBytes(given, etag);
  return lastModified !== undefined && Date.parse(given) === Math.floor(lastModified.getTime() / 1_000) * 1_000;
}
