import type { ImagePixels } from '../dicom/image-pixels.js';
import { decodedFrame, type DecodedFrame } from './decoded-frame.js';
import { CorruptFrame, UnsupportedPixels } from './faults.js';

const HEADER_BYTES = 64; // PS3.5 G.5: the number of segments, then fifteen offsets

/**
 * RLE Lossless (PS3.5 Annex G): one segment a byte plane, most significant byte first, sample by sample.
 * Photometric Interpretation stays: RLE never converts colour.
 * @throws CorruptFrame  header or runs do not give exactly the planes that the description asks for
 */
export function decodeRle(frame: Uint8Array, pixels: ImagePixels): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated } = pixels;
  if (bitsAllocated % 8 !== 0) throw new UnsupportedPixels('RLE of samples below 8 bits');
  if (pixels.photometricInterpretation === 'YBR_FULL_422') throw new UnsupportedPixels('RLE of subsampled chroma');
  const cell = bitsAllocated / 8;
  const segments = segmentsOf(frame, samplesPerPixel * cell);
  const samples = new Uint8Array(rows * columns * samplesPerPixel * cell);
  segments.forEach((segment, index) => {
    const sample = Math.floor(index / cell);
    const byte = cell - 1 - (index % cell); // the first segment of a sample is its most significant byte
    unpack(segment, samples, sample * cell + byte, samplesPerPixel * cell);
  });
  return decodedFrame(pixels, samples);
}

function segmentsOf(frame: Uint8Array, expected: number): Uint8Array[] {
  if (frame.length < HEADER_BYTES) throw new CorruptFrame('its RLE header is cut off');
  const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  const count = header.getUint32(0, true);
  if (count !== expected || count > 15) throw new CorruptFrame('its number of RLE segments does not fit the description');
  const starts = Array.from({ length: count }, (_, i) => header.getUint32(4 + 4 * i, true));
  const ends = [...starts.slice(1), frame.length];
  return starts.map((start, i) => {
    if (start < HEADER_BYTES || start > ends[i] || ends[i] > frame.length) throw new CorruptFrame('an RLE segment lies outside the frame');
    return frame.subarray(start, ends[i]);
  });
}

/** PackBits (PS3.5 G.3.2) of one byte plane into every `step`-th byte of `samples`; bytes after the last run are padding. */
function unpack(segment: Uint8Array, samples: Uint8Array, start: number, step: number): void {
  let to = start;
  for (let at = 0; to < samples.length;) {
    const control = segment[at++];
    if (control === 128) continue; // G.3.2: no operation
    const length = control < 128 ? control + 1 : 257 - control;
    const end = at + (control < 128 ? length : 1);
    if (control === undefined || end > segment.length) throw new CorruptFrame('an RLE segment is cut off');
    if (to + (length - 1) * step >= samples.length) throw new CorruptFrame('an RLE segment is longer than its plane');
    const advance = control < 128 ? 1 : 0;
    for (let i = 0, from = at; i < length; i++, from += advance, to += step) samples[to] = segment[from];
    at = end;
  }
}
