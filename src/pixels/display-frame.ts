import type { ImagePixels } from '../dicom/image-pixels.js';
import { rgbDisplay } from './colour-display.js';
import type { DecodedFrame } from './decoded-frame.js';
import { greyDisplay } from './grey-display.js';
import type { DisplayFrame } from './pixel-job.js';

/**
 * A decoded frame as it is shown: grey or RGB, 8 bits a sample.
 * @param pixels  the description that the frame was decoded with
 * @throws UnsupportedPixels  a Photometric Interpretation that cannot be shown
 */
export function displayFrame(frame: DecodedFrame, pixels: ImagePixels): DisplayFrame {
  const isGrey = frame.photometricInterpretation.startsWith('MONOCHROME');
  const display = isGrey ? greyDisplay(frame, pixels) : rgbDisplay(frame, pixels.palette);
  return { bytes: new Uint8Array(display.buffer), rows: frame.rows, columns: frame.columns, channels: isGrey ? 1 : 3 };
}
