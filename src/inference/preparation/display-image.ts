import { ImageUnpreparable, WindowInvalid } from './faults.js';
import { checkStoredImage, type StoredImage } from './stored-image.js';
import { scaleToUnit, scaleToUnitInverted, windowRange, type ValueRange } from './window.js';

/** A picture as a reader would see it: 0 black, 1 white. */
export interface DisplayImage {
  readonly rows: number;
  readonly columns: number;
  readonly channels: 1 | 3;
  /** 0..1, row by row, channel after channel. */
  readonly values: Float64Array;
}

/**
 * From stored values to 0..1, at full resolution and in double precision:
 * 1. Modality LUT, else rescale slope and intercept; colour has neither (PS3.3 C.11.1).
 * 2. Grey: the window where there is one, else the image's own minimum and maximum. Colour: minimum and maximum
 *    of all channels together; a window has no meaning there (PS3.3 C.11.2).
 * 3. MONOCHROME1 (PS3.3 C.7.6.3.1.2: the lowest value is white): 1 − y. A window is given in values before inversion,
 *    so inverting after it is the only order that keeps its meaning; without a window this equals max − x scaled to 0..1.
 * 4. Padding does not count for minimum and maximum and becomes 0.
 * An image of one single value becomes 0 throughout (without a window).
 * @param channels  1: colour becomes luminance first (ITU-R BT.601); 3: grey is not repeated here
 * @throws ImageUnpreparable, WindowInvalid
 */
export function displayImage(image: StoredImage, channels: 1 | 3): DisplayImage {
  checkStoredImage(image);
  const { rows, columns } = image;
  const grey = image.samplesPerPixel === 1;
  const values = grey ? modalityValues(image) : channels === 1 ? luminance(image.samples) : planes(image.samples);
  const padding = grey ? paddingOf(image) : undefined;
  const range = (grey ? windowOf(image) : undefined) ?? extent(values, image.samples, padding);
  if (range.low === range.high) values.fill(0);
  else if (image.photometricInterpretation === 'MONOCHROME1') scaleToUnitInverted(values, range);
  else scaleToUnit(values, range);
  if (padding !== undefined) blacken(values, image.samples, padding);
  return { rows, columns, channels: grey ? 1 : channels, values };
}

/** Luminance of pixels given by pixel (R, G, B, R, …), ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B. */
export function luminance(samples: ArrayLike<number>): Float64Array {
  const values = new Float64Array(samples.length / 3);
  for (let i = 0, s = 0; i < values.length; i++, s += 3) values[i] = 0.299 * samples[s] + 0.587 * samples[s + 1] + 0.114 * samples[s + 2];
  return values;
}

function planes(samples: ArrayLike<number>): Float64Array {
  const size = samples.length / 3;
  const values = new Float64Array(samples.length);
  for (let i = 0; i < size; i++) for (let channel = 0; channel < 3; channel++) values[channel * size + i] = samples[i * 3 + channel];
  return values;
}

function modalityValues({ samples, slope = 1, intercept = 0, modalityLut }: StoredImage): Float64Array {
  const values = new Float64Array(samples);
  if (modalityLut !== undefined) {
    const { firstStoredValue, values: entries } = modalityLut;
    const last = entries.length - 1;
    for (let i = 0; i < values.length; i++) values[i] = entries[Math.min(last, Math.max(0, Math.trunc(values[i]) - firstStoredValue))];
  } else if (slope !== 1 || intercept !== 0) {
    for (let i = 0; i < values.length; i++) values[i] = values[i] * slope + intercept;
  }
  return values;
}

function windowOf({ windowCenter, windowWidth }: StoredImage): ValueRange | undefined {
  if (windowCenter === undefined && windowWidth === undefined) return undefined;
  if (windowCenter === undefined || windowWidth === undefined) throw new WindowInvalid();
  return windowRange(windowCenter, windowWidth);
}

function paddingOf({ pixelPaddingValue: value, pixelPaddingRangeLimit: limit }: StoredImage): ValueRange | undefined {
  if (value === undefined) return undefined;
  return { low: Math.min(value, limit ?? value), high: Math.max(value, limit ?? value) };
}

/** Least and greatest of the values whose stored sample is no padding. */
function extent(values: Float64Array, stored: ArrayLike<number>, padding: ValueRange | undefined): ValueRange {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (padding !== undefined && stored[i] >= padding.low && stored[i] <= padding.high) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  if (low > high) throw new ImageUnpreparable('Every pixel is padding: there is no picture.');
  return { low, high };
}

function blacken(values: Float64Array, stored: ArrayLike<number>, padding: ValueRange): void {
  for (let i = 0; i < values.length; i++) if (stored[i] >= padding.low && stored[i] <= padding.high) values[i] = 0;
}
