import type { ImagePixels } from '../dicom/image-pixels.js';
import type { SampleLayout } from '../dicom/stored-values.js';

/** One frame as native samples: little endian, colour by pixel, no LUT applied. */
export interface DecodedFrame extends SampleLayout {
  /** rows × columns × samplesPerPixel cells; two a pixel in YBR_FULL_422; one bit a cell, from bit 0 on, at 1 bit */
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** what the samples are now: decoding JPEG turns YBR_FULL and YBR_FULL_422 into RGB, JPEG 2000 YBR_RCT and YBR_ICT */
  readonly photometricInterpretation: string;
}

/** Samples of one frame in its bytes: chroma is halved along rows in native YBR_FULL_422 (PS3.3 C.7.6.3.1.2). */
export function sampleCount(pixels: { rows: number; columns: number; samplesPerPixel: number; photometricInterpretation: string }): number {
  const perPixel = pixels.photometricInterpretation === 'YBR_FULL_422' ? 2 : pixels.samplesPerPixel;
  return pixels.rows * pixels.columns * perPixel;
}

/**
 * What samples are that came out of a codec with all their chroma: whatever the description says of subsampling was about
 * the codestream.
 */
export const withFullChroma = (photometricInterpretation: string): string =>
  photometricInterpretation === 'YBR_FULL_422' ? 'YBR_FULL' : photometricInterpretation;

/** A frame of the description's own layout. */
export function decodedFrame(
  pixels: ImagePixels,
  bytes: Uint8Array,
  photometricInterpretation = pixels.photometricInterpretation,
): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit, pixelRepresentation, sampleForm } = pixels;
  return {
    bytes,
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit,
    pixelRepresentation,
    sampleForm,
    photometricInterpretation,
  };
}
