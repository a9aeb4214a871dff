import { lookUp } from '../dicom/lookup-table.js';
import type { Palette } from '../dicom/palette-lut.js';
import { storedValues, type StoredValues } from '../dicom/stored-values.js';
import { sampleCount, type DecodedFrame } from './decoded-frame.js';
import { UnsupportedPixels } from './faults.js';

/**
 * A colour frame as RGB, 8 bits a sample (PS3.3 C.7.6.3.1.2): RGB, YBR_FULL, YBR_FULL_422, and PALETTE COLOR through
 * its tables. Samples above 8 bits keep their upper eight.
 * @returns [rows × columns × 3], row by row; a new array
 * @throws UnsupportedPixels  another Photometric Interpretation (the retired ones among them)
 */
export function rgbDisplay(frame: DecodedFrame, palette: Palette | undefined): Uint8ClampedArray {
  const stored = storedValues(frame.bytes, frame, sampleCount(frame));
  if (palette !== undefined) return throughPalette(stored, palette);
  if (frame.pixelRepresentation === 1 || frame.sampleForm !== 'integer') throw new UnsupportedPixels('signed or floating point colour');
  const samples = upperEight(stored, frame.bitsStored);
  switch (frame.photometricInterpretation) {
    case 'RGB':
      return samples;
    case 'YBR_FULL':
      return ybrToRgb(samples);
    case 'YBR_FULL_422':
      return ybrToRgb(upsampled(samples, frame.rows * frame.columns));
    default:
      throw new UnsupportedPixels('their Photometric Interpretation');
  }
}

function upperEight(stored: StoredValues, bitsStored: number): Uint8ClampedArray {
  const samples = new Uint8ClampedArray(stored.length);
  const scale = 255 / (2 ** bitsStored - 1);
  for (let i = 0; i < stored.length; i++) samples[i] = stored[i] * scale;
  return samples;
}

/** The inverse of the YBR_FULL equations (PS3.3 C.7.6.3.1.2), 8 bits, chroma around 128. */
function ybrToRgb(ybr: Uint8ClampedArray): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let i = 0; i < ybr.length; i += 3) {
    const [y, blue, red] = [ybr[i], ybr[i + 1] - 128, ybr[i + 2] - 128];
    rgb[i] = y + 1.402 * red;
    rgb[i + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[i + 2] = y + 1.772 * blue;
  }
  return rgb;
}

/** Native YBR_FULL_422 to YBR_FULL: two Y, then the CB and CR that both pixels have (PS3.3 C.7.6.3.1.2). */
function upsampled(pairs: Uint8ClampedArray, pixelCount: number): Uint8ClampedArray {
  const full = new Uint8ClampedArray(pixelCount * 3);
  for (let pixel = 0; pixel < pixelCount; pixel++) {
    const pair = (pixel >> 1) * 4;
    full[pixel * 3] = pairs[pair + (pixel & 1)];
    full[pixel * 3 + 1] = pairs[pair + 2];
    full[pixel * 3 + 2] = pairs[pair + 3];
  }
  return full;
}

function throughPalette(stored: StoredValues, { red, green, blue }: Palette): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(stored.length * 3);
  [red, green, blue].forEach((table, channel) => {
    const shift = Math.max(0, table.bits - 8);
    for (let i = 0; i < stored.length; i++) rgb[i * 3 + channel] = lookUp(table, stored[i]) >> shift;
  });
  return rgb;
}
