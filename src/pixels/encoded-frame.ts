import type { DecodedFrame } from './decoded-frame.js';
import { UnsupportedPixels } from './faults.js';

/** One frame as a codestream, and what the Image Pixel module (PS3.3 C.7.6.3) must say of it. */
export interface EncodedFrame {
  /** of even length, as a fragment must be (PS3.5 A.4) */
  readonly bytes: Uint8Array;
  readonly photometricInterpretation: string;
  readonly highBit: number;
  /** whether decoding gives other samples than went in */
  readonly lossy: boolean;
}

/** A codestream as a frame: padded with a zero byte to an even length (PS3.5 A.4, 8.2.1). */
export function encodedFrame(
  frame: DecodedFrame,
  bytes: Uint8Array,
  { photometricInterpretation = frame.photometricInterpretation, highBit = frame.highBit, lossy = false } = {},
): EncodedFrame {
  return { bytes: bytes.length % 2 === 0 ? bytes : padded(bytes), photometricInterpretation, highBit, lossy };
}

function padded(bytes: Uint8Array): Uint8Array {
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  return even;
}

/**
 * Refuses frames that no codec for whole samples can take (PS3.5 8.2): one bit a cell, more than 16 bits, floating point,
 * halved chroma.
 * @throws UnsupportedPixels
 */
export function checkWholeSamples(frame: DecodedFrame): void {
  if (frame.sampleForm !== 'integer') throw new UnsupportedPixels('floating point samples cannot be compressed so');
  if (frame.bitsAllocated !== 8 && frame.bitsAllocated !== 16)
    throw new UnsupportedPixels(`${frame.bitsAllocated} bits allocated cannot be compressed so`);
  if (frame.photometricInterpretation === 'YBR_FULL_422') throw new UnsupportedPixels('native YBR_FULL_422 cannot be compressed so');
}
