import { betaQuantile } from '../distributions/beta.js';
import { normalCritical } from '../distributions/normal.js';
import { requireCounts, requireOpenUnit, requireThat } from '../input-checks.js';
import type { Interval } from '../results.js';

/** A share of cases with both intervals, the score interval first, as every report has them. */
export interface Proportion {
  /** null where there is no case */
  readonly value: number | null;
  readonly num: number;
  readonly den: number;
  readonly wilson: Interval | null;
  readonly clopperPearson: Interval | null;
  readonly undefined?: 'ZERO_DENOMINATOR';
}

/** @throws E_DOMAIN unless both are counts, num ≤ den and 0 < conf < 1 */
export function proportion(num: number, den: number, conf = 0.95): Proportion {
  requireCounts(num, den);
  requireThat(num <= den, 'E_DOMAIN');
  requireOpenUnit(conf);
  if (den === 0) return { value: null, num, den, wilson: null, clopperPearson: null, undefined: 'ZERO_DENOMINATOR' };
  return { value: num / den, num, den, wilson: wilson(num, den, conf), clopperPearson: clopperPearson(num, den, conf) };
}

/**
 * Wilson's score interval (1927) for x of n, n ≥ 1. Its limits at x = 0 and x = n are 0 and 1 exactly, which rounding would
 * miss.
 */
export function wilson(x: number, n: number, conf: number): Interval {
  const z = normalCritical(conf);
  const share = x / n;
  const square = z * z;
  const centre = share + square / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  const scale = 1 + square / n;
  return [x === 0 ? 0 : Math.max(0, (centre - half) / scale), x === n ? 1 : Math.min(1, (centre + half) / scale)];
}

/** Clopper and Pearson's exact interval (1934) for x of n, n ≥ 1. */
export function clopperPearson(x: number, n: number, conf: number): Interval {
  const tail = (1 - conf) / 2;
  return [x === 0 ? 0 : betaQuantile(tail, x, n - x + 1), x === n ? 1 : betaQuantile(1 - tail, x + 1, n - x)];
}
