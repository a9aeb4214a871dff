import type { DecodedFrame } from './decoded-frame.js';
import { encodedFrame, type EncodedFrame } from './encoded-frame.js';
import { UnsupportedPixels } from './faults.js';

const HEADER_BYTES = 64; // PS3.5 G.5
const MOST_SEGMENTS = 15;
const LONGEST_RUN = 128;

/**
 * RLE Lossless (PS3.5 Annex G): a segment a byte plane, most significant byte first; each row is packed by itself (G.3.1).
 * Keeps whole cells, also the bits that are not stored.
 * @throws UnsupportedPixels  cells below a byte, or more planes than a header names
 */
export function encodeRle(frame: DecodedFrame): EncodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, bytes, sampleForm } = frame;
  if (bitsAllocated % 8 !== 0 || sampleForm !== 'integer') throw new UnsupportedPixels('RLE takes whole bytes of integers only');
  if (frame.photometricInterpretation === 'YBR_FULL_422') throw new UnsupportedPixels('RLE of subsampled chroma');
  const cell = bitsAllocated / 8;
  const planes = samplesPerPixel * cell;
  if (planes > MOST_SEGMENTS) throw new UnsupportedPixels('they have more byte planes than RLE has segments');
  const longest = rows * (columns + Math.ceil(columns / LONGEST_RUN)) + 1;
  const out = new Uint8Array(HEADER_BYTES + planes * longest);
  const header = new DataView(out.buffer, 0, HEADER_BYTES);
  header.setUint32(0, planes, true);
  const row = new Uint8Array(columns);
  let end = HEADER_BYTES;
  for (let plane = 0; plane < planes; plane++) {
    header.setUint32(4 + 4 * plane, end, true);
    const byte = Math.floor(plane / cell) * cell + (cell - 1 - (plane % cell));
    for (let y = 0, from = byte; y < rows; y++) {
      for (let x = 0; x < columns; x++, from += planes) row[x] = bytes[from];
      end = packRow(row, out, end);
    }
    end += end % 2; // each segment is of even length (G.3.1)
  }
  return encodedFrame(frame, out.slice(0, end));
}

/** PackBits (PS3.5 G.3.1) of one row. @returns where it ends in `out` */
function packRow(row: Uint8Array, out: Uint8Array, end: number): number {
  for (let at = 0; at < row.length;) {
    const run = runLength(row, at);
    if (run > 1) {
      out[end++] = 257 - run;
      out[end++] = row[at];
      at += run;
      continue;
    }
    const start = at;
    do at++;
    while (at < row.length && at - start < LONGEST_RUN && runLength(row, at) < 3); // two alike cost a literal nothing
    out[end++] = at - start - 1;
    out.set(row.subarray(start, at), end);
    end += at - start;
  }
  return end;
}

function runLength(row: Uint8Array, at: number): number {
  const last = Math.min(row.length, at + LONGEST_RUN);
  let end = at + 1;
  while (end < last && row[end] === row[at]) end++;
  return end - at;
}
