import { inflateRawSync } from 'node:zlib';
import type { ImagePixels } from '../dicom/image-pixels.js';
import { sampleCount, type DecodedFrame } from './decoded-frame.js';
import { CorruptFrame } from './faults.js';
import { decodeNative } from './native-frame.js';

/** Deflated Image Frame Compression (PS3.5 A.4.11): one raw deflate stream a frame, native little endian inside. */
export function decodeDeflated(frame: Uint8Array, pixels: ImagePixels): DecodedFrame {
  const length = Math.ceil((sampleCount(pixels) * pixels.bitsAllocated) / 8);
  return decodeNative(inflated(frame, length + 1), pixels); // one byte more: native frames may carry a padding byte
}

function inflated(frame: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(frame, { maxOutputLength });
  } catch (error) {
    throw new CorruptFrame(
      `its deflate stream is not valid (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`,
    );
  }
}
