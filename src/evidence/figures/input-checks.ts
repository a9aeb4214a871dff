import { FigureError } from './figure-error.js';
import type { CurveOfRates, Interval, OperatingPoint } from './figure.js';

/** @throws E_EMPTY */
export function requireSome({ length }: { readonly length: number }): void {
  if (!(length > 0)) throw new FigureError('E_EMPTY');
}

/** @throws E_LENGTH_MISMATCH */
export function requireSameLength(first: ArrayLike<unknown>, ...others: readonly ArrayLike<unknown>[]): void {
  if (others.some(({ length }) => length !== first.length)) throw new FigureError('E_LENGTH_MISMATCH');
}

/** @throws E_LABEL */
export function requireLabels(labels: ArrayLike<number>): void {
  for (let i = 0; i < labels.length; i++) if (labels[i] !== 0 && labels[i] !== 1) throw new FigureError('E_LABEL');
}

/** @throws E_NON_FINITE */
export function requireFinite(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) throw new FigureError('E_NON_FINITE');
}

/** Finite numbers from 0 to 1. @throws E_NON_FINITE, E_DOMAIN */
export function requireShares(values: ArrayLike<number>): void {
  requireFinite(values);
  for (let i = 0; i < values.length; i++) if (values[i] < 0 || values[i] > 1) throw new FigureError('E_DOMAIN');
}

/** Whole numbers from 0 on. @throws E_NON_FINITE, E_DOMAIN */
export function requireCounts(values: ArrayLike<number>): void {
  requireFinite(values);
  for (let i = 0; i < values.length; i++) if (!Number.isSafeInteger(values[i]) || values[i] < 0) throw new FigureError('E_DOMAIN');
}

/** @throws E_NON_FINITE, E_DOMAIN */
export function requireIntervals(...intervals: readonly (Interval | null)[]): void {
  for (const interval of intervals) {
    if (interval === null) continue;
    requireFinite([interval[0], interval[1]]);
    if (interval[0] > interval[1]) throw new FigureError('E_DOMAIN');
  }
}

/** Intervals within 0 to 1. @throws E_NON_FINITE, E_DOMAIN */
export function requireShareIntervals(...intervals: readonly (Interval | null)[]): void {
  requireIntervals(...intervals);
  for (const interval of intervals) if (interval !== null) requireShares([interval[0], interval[1]]);
}

/** @throws E_NON_FINITE, E_DOMAIN */
export function requireConfidence(conf: number): void {
  requireFinite([conf]);
  if (conf <= 0 || conf >= 1) throw new FigureError('E_DOMAIN');
}

/** @throws E_ORDER */
export function requireAscending(values: ArrayLike<number>): void {
  for (let i = 1; i < values.length; i++) if (values[i] < values[i - 1]) throw new FigureError('E_ORDER');
}

/** @throws E_NON_FINITE, E_DOMAIN */
export function requireOperatingPoint(point: OperatingPoint): void {
  requireShares([point.sensitivity, point.specificity]);
  requireShareIntervals(point.sensitivityInterval, point.specificityInterval);
}

/** @throws E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN, E_ORDER */
export function requireCurveOfRates({ fpr, tpr }: CurveOfRates): void {
  requireSome(fpr);
  requireSameLength(fpr, tpr);
  for (const rates of [fpr, tpr]) requireShares(rates);
  for (const rates of [fpr, tpr]) requireAscending(rates);
}

/** Numbers so large that their range is no double cannot be scaled. @throws E_DOMAIN */
export function requireScalable(...values: readonly number[]): void {
  if (values.some((value) => Math.abs(value) > 1e300)) throw new FigureError('E_DOMAIN');
}
