import type { ImagePixels } from '../dicom/image-pixels.js';
import { CorruptFrame, UnsupportedPixels } from './faults.js';

/** What a codestream says of itself before any of it is decoded. */
export interface CodestreamHeader {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** bits of a sample */
  readonly precision: number;
}

/** A JPEG or JPEG-LS header; `startOfFrame` is the marker's second byte: C0 … CF, F7 for JPEG-LS. */
export interface JpegHeader extends CodestreamHeader {
  readonly startOfFrame: number;
}

/**
 * Refuses a codestream that is not of the description's size, before anything is allocated by it.
 * @throws CorruptFrame  rows, columns, samples or bits differ from the description
 */
export function checkHeader(header: CodestreamHeader, pixels: ImagePixels): void {
  if (header.rows !== pixels.rows || header.columns !== pixels.columns)
    throw new CorruptFrame('its codestream has other rows and columns than the instance');
  if (header.samplesPerPixel !== pixels.samplesPerPixel)
    throw new CorruptFrame('its codestream has another number of samples per pixel than the instance');
  if (header.precision > pixels.bitsAllocated) throw new CorruptFrame('its codestream has more bits a sample than the instance allocates');
  if (pixels.bitsAllocated > 16 || pixels.bitsAllocated < 8)
    throw new UnsupportedPixels(`${pixels.bitsAllocated} bits allocated in a compressed frame`);
}

/** One marker segment: the marker's second byte and where its parameters start and end; empty for markers without. */
export interface MarkerSegment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** The marker segments up to and with the first start of scan (ITU-T T.81 B.1.1.4). @throws CorruptFrame */
export function* markerSegments(bytes: Uint8Array, from = 0): Generator<MarkerSegment> {
  for (let at = from; at + 1 < bytes.length;) {
    if (bytes[at] !== 0xff) throw new CorruptFrame('a JPEG marker is not where it must be');
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++; // fill byte
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)) {
      yield { marker, start: at + 2, end: at + 2 };
      at += 2;
    } else {
      const length = (bytes[at + 2] << 8) | bytes[at + 3];
      const end = at + 2 + length;
      if (!(length >= 2) || end > bytes.length) throw new CorruptFrame('a JPEG marker segment is cut off');
      yield { marker, start: at + 4, end };
      at = end;
    }
  }
}

/** Reads the frame header of JPEG (ITU-T T.81 B.2.2) or JPEG-LS (T.87 C.2.2). @throws CorruptFrame */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new CorruptFrame('it does not start as JPEG does');
  for (const { marker, start, end } of markerSegments(bytes)) {
    if (marker === 0xda) break;
    const isFrame = marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
    if (!isFrame) continue;
    if (end - start < 6) break;
    const word = (at: number) => (bytes[start + at] << 8) | bytes[start + at + 1];
    return {
      startOfFrame: marker,
      precision: bytes[start],
      rows: word(1),
      columns: word(3),
      samplesPerPixel: bytes[start + 5],
    };
  }
  throw new CorruptFrame('its JPEG frame header is missing');
}

const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/**
 * Refuses JPEG and JPEG-LS that are cut off: libjpeg fills up what is missing and says nothing, CharLS looks for it in
 * other memory for seconds. Entropy-coded data holds no end marker (T.81 B.1.1.5, T.87 A.1), so any one after the first
 * scan header is the codestream's own; what follows it is padding.
 * @throws CorruptFrame
 */
export function checkEndOfImage(bytes: Uint8Array): void {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(END_OF_IMAGE);
  for (const { marker, end: scanStart } of markerSegments(bytes)) if (marker === 0xda && end >= scanStart) return;
  throw new CorruptFrame('its JPEG codestream has no end');
}

const START_OF_CODESTREAM = 0xff4f;
const SIZE = 0xff51;
const START_OF_TILE_PART = 0xff90;
const END_OF_CODESTREAM = 0xffd9;

/**
 * Reads the SIZ segment of a JPEG 2000 codestream (ITU-T T.800 A.5.1), also where it is wrapped in JP2 boxes,
 * which DICOM forbids and some writers do all the same.
 * @throws CorruptFrame  no codestream, or components of different sizes
 */
export function readJpeg2000Header(bytes: Uint8Array): CodestreamHeader & { codestream: Uint8Array } {
  const codestream = bytes.subarray(codestreamStart(bytes));
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  const components = view.byteLength >= 42 && view.getUint16(2) === SIZE ? view.getUint16(40) : 0;
  if (components === 0 || view.byteLength < 42 + 3 * components) throw new CorruptFrame('its JPEG 2000 size segment is missing');
  for (let i = 0; i < components; i++) {
    const [depth, xStep, yStep] = codestream.subarray(42 + 3 * i, 45 + 3 * i);
    if (xStep !== 1 || yStep !== 1 || depth !== codestream[42])
      throw new UnsupportedPixels('JPEG 2000 components of different size or depth');
  }
  return {
    codestream,
    columns: view.getUint32(8) - view.getUint32(16),
    rows: view.getUint32(12) - view.getUint32(20),
    samplesPerPixel: components,
    precision: (codestream[42] & 0x7f) + 1,
  };
}

/**
 * Refuses a codestream whose tile-parts (T.800 A.4.2) run past its end: decoders fill up what is missing and say nothing.
 * @throws CorruptFrame
 */
export function checkTileParts(codestream: Uint8Array): void {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  const cutOff = new CorruptFrame('its JPEG 2000 codestream is cut off');
  let at = 2; // the main header's segments come first
  while (at + 12 <= view.byteLength && view.getUint16(at) !== START_OF_TILE_PART) at += 2 + view.getUint16(at + 2);
  while (at + 12 <= view.byteLength && view.getUint16(at) === START_OF_TILE_PART) {
    const length = view.getUint32(at + 6);
    if (length === 0) return; // the last one, up to the end of the codestream
    if (length < 14) throw cutOff;
    at += length;
  }
  // What follows the last tile-part is the end marker; some writers leave it out, none leaves out half of it.
  if (at > view.byteLength || (at + 2 <= view.byteLength && view.getUint16(at) !== END_OF_CODESTREAM)) throw cutOff;
}

/** Where the codestream starts: at once, or in the contiguous codestream box of JP2 (T.800 I.5.4). */
function codestreamStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 10 <= bytes.length;) {
    if (view.getUint16(at) === START_OF_CODESTREAM) return at;
    const length = view.getUint32(at);
    const isCodestreamBox = view.getUint32(at + 4) === 0x6a703263; // 'jp2c'
    if (isCodestreamBox && view.getUint16(at + 8) === START_OF_CODESTREAM) return at + 8;
    if (length < 8) break;
    at += length;
  }
  throw new CorruptFrame('it does not start as JPEG 2000 does');
}
