import type { ImagePixels } from '../dicom/image-pixels.js';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../dicom/transfer-syntaxes.js';
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

/** A frame that is shown, described as native pixels: for codecs that write one. */
export const displayPixels = ({ rows, columns, channels }: Omit<DisplayFrame, 'bytes'>): ImagePixels => ({
  transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
  pixelDataVR: 'OB',
  rows,
  columns,
  samplesPerPixel: channels,
  photometricInterpretation: channels === 1 ? 'MONOCHROME2' : 'RGB',
  planarConfiguration: 0,
  numberOfFrames: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  sampleForm: 'integer',
  modality: { kind: 'rescale', rescaleSlope: 1, rescaleIntercept: 0 },
  voi: { windows: [], voiLutFunction: 'LINEAR', tables: [] },
  presentationLutShape: 'IDENTITY',
});
