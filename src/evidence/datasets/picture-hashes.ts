import type { ImagePixels } from '../../dicom/image-pixels.js';
import { storedValues } from '../../dicom/stored-values.js';
import { displayImage, luminance } from '../../inference/preparation/display-image.js';
import type { StoredImage } from '../../inference/preparation/stored-image.js';
import { rgbDisplay } from '../../pixels/colour-display.js';
import { sampleCount, type DecodedFrame } from '../../pixels/decoded-frame.js';
import { CorruptFrame } from '../../pixels/faults.js';
import { greyDisplay } from '../../pixels/grey-display.js';
import { perceptualHash } from './perceptual-hash.js';
import { pixelSha256 } from './pixel-hash.js';

/** By which a picture is known again: its very pixels, and what they look like. */
export interface PictureHashes {
  /** 64 hex digits */
  readonly pixelSha256: string;
  /** 16 hex digits */
  readonly perceptualHash: string;
}

/** What of an instance's description says how its pixels are shown. */
export type ShownThrough = Pick<ImagePixels, 'modality' | 'voi' | 'presentationLut' | 'presentationLutShape' | 'padding' | 'palette'>;

/**
 * The hashes of a decoded frame: of its stored values, and of it as it is shown (window, VOI LUT, MONOCHROME1). Of colour it is RGB of 8
 * bits in both, as which all colour is shown (PS3.3 C.7.6.3.1.2): the same picture as YBR_FULL or by palette has the same hash.
 * @throws CorruptFrame  fewer bytes than its size asks for; UnsupportedPixels  a Photometric Interpretation that can not be shown
 */
export function pictureHashes(frame: DecodedFrame, pixels: ShownThrough): PictureHashes {
  const { rows, columns, bitsStored, bitsAllocated } = frame;
  if (frame.bytes.length * 8 < sampleCount(frame) * bitsAllocated) throw new CorruptFrame('it has fewer bytes than its size asks for');
  if (!frame.photometricInterpretation.startsWith('MONOCHROME')) {
    const shown = rgbDisplay(frame, pixels.palette);
    const samples = new Uint8Array(shown.buffer, shown.byteOffset, shown.length);
    return {
      pixelSha256: pixelSha256({ rows, columns, samplesPerPixel: 3, bitsStored: 8, samples }),
      perceptualHash: perceptualHash({ rows, columns, values: luminance(shown) }),
    };
  }
  const samples = storedValues(frame.bytes, frame, rows * columns);
  return {
    pixelSha256: pixelSha256({ rows, columns, samplesPerPixel: 1, bitsStored, samples }),
    perceptualHash: perceptualHash({ rows, columns, values: greyDisplay(frame, pixels) }),
  };
}

/** The same of a picture as preparation takes it, which has been decoded already (`storedImage`): training's pictures. */
export function storedImageHashes(image: StoredImage): PictureHashes {
  const { rows, columns, samplesPerPixel, samples } = image;
  const values = samplesPerPixel === 3 ? luminance(samples) : Uint8ClampedArray.from(displayImage(image, 1).values, (value) => 255 * value); // in the steps of a screen
  return {
    pixelSha256: pixelSha256({ rows, columns, samplesPerPixel, bitsStored: bitsStoredOf(image), samples }),
    perceptualHash: perceptualHash({ rows, columns, values }),
  };
}

/** From the greatest value that the bits hold (signed: one bit less), where that is known. */
function bitsStoredOf({ greatestStoredValue, samples }: StoredImage): number {
  if (greatestStoredValue === undefined) return 8 * samples.BYTES_PER_ELEMENT;
  const signed = samples instanceof Int8Array || samples instanceof Int16Array || samples instanceof Int32Array;
  return Math.round(Math.log2(greatestStoredValue + 1)) + (signed ? 1 : 0);
}
