import { WindowInvalid } from './faults.js';

/** The values that become 0 (low) and 1 (high). */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Edges of a window as models are fed with it: centre ± width / 2. This is VOI LUT Function LINEAR_EXACT
 * (PS3.3 C.11.2.1.3.2), not LINEAR with its half-unit shift, so that fractional values (HU, SUV) stay exact.
 * @throws WindowInvalid
 */
export function windowRange(windowCenter: number, windowWidth: number): ValueRange {
  if (!Number.isFinite(windowCenter) || !Number.isFinite(windowWidth) || windowWidth <= 0) throw new WindowInvalid();
  return { low: windowCenter - windowWidth / 2, high: windowCenter + windowWidth / 2 };
}

/**
 * Clips modality values to the window and scales them to 0..1; a new array of the same length.
 * @throws WindowInvalid
 */
export function window(values: ArrayLike<number>, windowCenter: number, windowWidth: number): Float64Array {
  const scaled = new Float64Array(values);
  scaleToUnit(scaled, windowRange(windowCenter, windowWidth));
  return scaled;
}

/** Clips to the range and scales to 0..1, in place. */
export function scaleToUnit(values: Float64Array, { low, high }: ValueRange): void {
  const span = high - low;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    values[i] = value <= low ? 0 : value >= high ? 1 : (value - low) / span;
  }
}

/** As scaleToUnit, turned round (1 − y): the highest value becomes 0. In place. */
export function scaleToUnitInverted(values: Float64Array, { low, high }: ValueRange): void {
  const span = high - low;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    values[i] = value <= low ? 1 : value >= high ? 0 : (high - value) / span;
  }
}
