import type { ImagePixels } from '../dicom/image-pixels.js';
import { EXPLICIT_VR_BIG_ENDIAN } from '../dicom/transfer-syntaxes.js';
import { decodedFrame, sampleCount, type DecodedFrame } from './decoded-frame.js';
import { CorruptFrame, UnsupportedPixels } from './faults.js';

/**
 * A frame that is not compressed (PS3.5 8.1.1, A.1, A.2, A.3).
 * @param frame  its bytes; more than needed (a padding byte) is fine
 * @param bitOffset  where in the first byte, or the first big-endian word, the frame starts: 0 to 15
 * @throws CorruptFrame  fewer bytes than rows × columns ask for
 */
export function decodeNative(frame: Uint8Array, pixels: ImagePixels, bitOffset = 0): DecodedFrame {
  const native = (pixels.transferSyntaxUID === EXPLICIT_VR_BIG_ENDIAN ? littleEndian(frame, pixels) : frame).subarray(bitOffset >> 3);
  if (pixels.photometricInterpretation.startsWith('YBR_PARTIAL')) throw new UnsupportedPixels('a retired kind of YBR');
  const samples = sampleCount(pixels);
  const length = Math.ceil((samples * pixels.bitsAllocated) / 8);
  if (pixels.bitsAllocated === 1) return decodedFrame(pixels, bitsFrom(native, bitOffset & 7, samples));
  if (native.length < length) throw new CorruptFrame('it has fewer bytes than its rows and columns ask for');
  if (pixels.photometricInterpretation === 'YBR_FULL_422' && pixels.columns % 2 === 1)
    throw new UnsupportedPixels('YBR_FULL_422 with an odd number of columns'); // PS3.3 C.7.6.3.1.2: pairs of pixels
  const exact = native.subarray(0, length);
  return decodedFrame(pixels, pixels.planarConfiguration === 1 ? byPixel(exact, pixels) : exact);
}

/** Colour by plane to colour by pixel (PS3.3 C.7.6.3.1.3). */
export function byPixel(planes: Uint8Array, pixels: { bitsAllocated: number; samplesPerPixel: number }): Uint8Array {
  const cell = pixels.bitsAllocated / 8;
  const count = pixels.samplesPerPixel;
  const interleaved = new Uint8Array(planes.length);
  const planeLength = planes.length / count;
  for (let sample = 0; sample < count; sample++)
    for (let byte = 0; byte < cell; byte++)
      for (let from = sample * planeLength + byte, to = sample * cell + byte; to < planes.length; from += cell, to += cell * count)
        interleaved[to] = planes[from];
  return interleaved;
}

/** Colour by pixel to colour by plane. */
export function byPlane(
  pixels: Uint8Array,
  { bitsAllocated, samplesPerPixel: count }: { bitsAllocated: number; samplesPerPixel: number },
): Uint8Array {
  const cell = bitsAllocated / 8;
  const planes = new Uint8Array(pixels.length);
  const planeLength = pixels.length / count;
  for (let sample = 0; sample < count; sample++)
    for (let byte = 0; byte < cell; byte++)
      for (let to = sample * planeLength + byte, from = sample * cell + byte; from < pixels.length; to += cell, from += cell * count)
        planes[to] = pixels[from];
  return planes;
}

/** Big endian to little endian: by sample, but samples below 16 bits that were written as OW by word (PS3.5 8.1.1, 7.3). */
function littleEndian(frame: Uint8Array, { bitsAllocated, pixelDataVR }: ImagePixels): Uint8Array {
  const cell = Math.max(bitsAllocated / 8, pixelDataVR === 'OB' ? 1 : 2);
  if (cell === 1) return frame;
  const swapped = new Uint8Array(frame.length - (frame.length % cell));
  for (let at = 0; at < swapped.length; at += cell) for (let i = 0; i < cell; i++) swapped[at + i] = frame[at + cell - 1 - i];
  return swapped;
}

/** `count` bits from `bitOffset` on, moved down to bit 0; bits past the last are 0. */
function bitsFrom(bytes: Uint8Array, bitOffset: number, count: number): Uint8Array {
  if (bytes.length * 8 < bitOffset + count) throw new CorruptFrame('it has fewer bits than its rows and columns ask for');
  const packed = new Uint8Array(Math.ceil(count / 8));
  for (let i = 0; i < packed.length; i++) packed[i] = ((bytes[i] | ((bytes[i + 1] ?? 0) << 8)) >> bitOffset) & 0xff;
  if (count % 8 !== 0) packed[packed.length - 1] &= (1 << (count % 8)) - 1;
  return packed;
}
