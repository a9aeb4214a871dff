import { bulkDataUri } from '../dicom/bulk-data.js';
import type { BulkValue } from '../dicom/data-set-writer.js';
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntax } from '../dicom/transfer-syntaxes.js';
import { valueRepresentation } from '../dicom/value-representations.js';
import { UnsupportedPixels } from '../pixels/faults.js';
import { rangeStream } from './byte-ranges.js';
import { readRange } from './frame-bytes.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { ObjectReader } from './stored-bytes.js';

/** A value to write whose bytes are read when their turn comes. */
export interface OpenableValue extends BulkValue {
  readonly open: () => AsyncIterable<Uint8Array>;
}

const ITEM = Buffer.from('feff00e0', 'hex');

/** Bytes of one number by VR (PS3.5 6.2); other VRs have no byte order. */
const CELL_BYTES: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  AT: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OL: 4,
  OF: 4,
  FD: 8,
  OD: 8,
  SV: 8,
  UV: 8,
  OV: 8,
};

const NESTED_PIXEL_DATA = /\/7FE00010$/;

/**
 * The BulkDataURIs of nested Pixel Data that are fragments: an icon (PS3.3 C.7.6.1.1.6) in an encapsulated transfer syntax
 * may be either, and begins with an item then.
 */
export async function nestedFragments(storage: ObjectReader, instance: PixelInstanceRow): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (!transferSyntax(instance.transferSyntaxUID)?.encapsulated) return found;
  for (const { path: place, offset, length } of instance.bulkData) {
    if (!NESTED_PIXEL_DATA.test(place) || length < ITEM.length) continue;
    const start = await readRange(storage, instance, [offset, ITEM.length]);
    if (ITEM.equals(start)) found.add(bulkDataUri(place));
  }
  return found;
}

/** Finds the stored values that DICOM JSON names by BulkDataURI; they come little endian. */
export function storedBulkValues(storage: ObjectReader, instance: PixelInstanceRow): (bulkDataURI: string) => OpenableValue | undefined {
  const places = new Map(instance.bulkData.map((place) => [bulkDataUri(place.path), place]));
  return (uri) => {
    const place = places.get(uri);
    if (place === undefined) return undefined;
    const open = () => littleEndianRange(storage, instance, place);
    return { length: place.length, open: valueRepresentation(place.vr).kind === 'text' ? () => asciiOnly(open()) : open };
  };
}

/** A value of the file as a stream, little endian whatever the file is. */
export function littleEndianRange(
  storage: ObjectReader,
  instance: PixelInstanceRow,
  { vr, offset, length }: { readonly vr: string; readonly offset: number; readonly length: number },
): AsyncIterable<Uint8Array> {
  const stream = rangeStream(storage, instance, [offset, length]);
  const cell = instance.transferSyntaxUID === EXPLICIT_VR_BIG_ENDIAN ? (CELL_BYTES[vr] ?? 1) : 1;
  return cell === 1 ? stream : swapped(stream, cell);
}

/**
 * Long text lies in the file in its own character set, and the header written says UTF-8: only what both read alike goes
 * out. Escape sequences (ISO 2022) are bytes of ASCII that mean others.
 * @throws UnsupportedPixels
 */
async function* asciiOnly(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    if (piece.some((byte) => byte > 0x7e || byte === 0x1b)) throw new UnsupportedPixels('a long text of theirs is not in ASCII');
    yield piece;
  }
}

/** Each `cell` bytes reversed, whatever lengths the pieces have. */
async function* swapped(stream: AsyncIterable<Uint8Array>, cell: number): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of stream) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % cell);
    for (let at = 0; at < whole; at += cell) bytes.subarray(at, at + cell).reverse();
    rest = bytes.subarray(whole);
    yield bytes.subarray(0, whole);
  }
  if (rest.length > 0) yield rest;
}
