import type { WindowForm } from '../model-card.js';
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
  checkWindow(windowCenter, windowWidth, windowWidth > 0);
  return { low: windowCenter - windowWidth / 2, high: windowCenter + windowWidth / 2 };
}

/**
 * Edges of a window by VOI LUT Function LINEAR (PS3.3 C.11.2.1.2.1): centre − 0.5 ± (width − 1) / 2. A width of 1 is a
 * step: up to centre − 0.5 black, above it white.
 * @throws WindowInvalid  width below 1: the clause gives it no meaning
 */
export function linearRange(windowCenter: number, windowWidth: number): ValueRange {
  checkWindow(windowCenter, windowWidth, windowWidth >= 1);
  return { low: windowCenter - 0.5 - (windowWidth - 1) / 2, high: windowCenter - 0.5 + (windowWidth - 1) / 2 };
}

export const RANGE_OF = { exact: windowRange, linear: linearRange } as const;

/**
 * Clips modality values to the window and scales them to 0..1; a new array of the same length.
 * @throws WindowInvalid
 */
export function window(values: ArrayLike<number>, windowCenter: number, windowWidth: number, form: WindowForm = 'exact'): Float64Array {
  const scaled = new Float64Array(values);
  scaleToUnit(scaled, RANGE_OF[form](windowCenter, windowWidth));
  return scaled;
}

/** Clips to the range and scales to 0..1, in place; where the range is one value, what lies above it is 1. */
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

/**
 * VOI LUT Function SIGMOID (PS3.3 C.11.2.1.3.1) with the output 0..1, in place.
 * @throws WindowInvalid
 */
export function sigmoidToUnit(values: Float64Array, windowCenter: number, windowWidth: number): void {
  checkWindow(windowCenter, windowWidth, windowWidth > 0);
  const steepness = -4 / windowWidth;
  for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + Math.exp(steepness * (values[i] - windowCenter)));
}

function checkWindow(windowCenter: number, windowWidth: number, isWideEnough: boolean): void {
  if (!Number.isFinite(windowCenter) || !Number.isFinite(windowWidth) || !isWideEnough) throw new WindowInvalid();
}
