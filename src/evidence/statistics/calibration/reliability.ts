import { requireOpenUnit } from '../input-checks.js';
import { wilson } from '../proportions/proportion.js';
import { sortedOrder } from '../ranking/dense-ranks.js';
import type { Interval } from '../results.js';
import { requireGroups, requireProbabilities } from './probabilities.js';

/** One bar of a reliability diagram; an empty bin has neither mean nor rate. */
export interface ReliabilityBin {
  /** [lower, upper); the last bin is closed. */
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
  readonly meanPredicted: number | null;
  readonly observed: number | null;
  readonly wilson: Interval | null;
}

export interface Reliability {
  /** Expected and maximum calibration error over equal-width bins (Guo et al. 2017). */
  readonly ece: number;
  readonly mce: number;
  /** Murphy's terms (1973) from the same bins: the Brier score is their sum up to the variance within bins. */
  readonly reliability: number;
  readonly resolution: number;
  readonly uncertainty: number;
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Calibration error by bins of equal width.
 * @param bins  how many, 1…10,000
 * @param conf  level of each bin's interval, 0 < conf < 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN
 */
export function reliability(y: ArrayLike<number>, p: ArrayLike<number>, bins = 10, conf = 0.95): Reliability {
  const { positives } = requireProbabilities(y, p);
  requireGroups(bins);
  requireOpenUnit(conf);
  const n = y.length;
  const counts = new Float64Array(bins);
  const events = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  for (let i = 0; i < n; i++) {
    const bin = binOf(p[i], bins);
    counts[bin]++;
    events[bin] += y[i];
    predicted[bin] += p[i];
  }
  const rate = positives / n;
  let [ece, mce, sumReliability, resolution] = [0, 0, 0, 0];
  const rows: ReliabilityBin[] = [];
  for (let k = 0; k < bins; k++) {
    const edges = { lower: k / bins, upper: (k + 1) / bins, n: counts[k] };
    if (counts[k] === 0) {
      rows.push({ ...edges, meanPredicted: null, observed: null, wilson: null });
      continue;
    }
    const meanPredicted = predicted[k] / counts[k];
    const observed = events[k] / counts[k];
    const gap = Math.abs(meanPredicted - observed);
    const share = counts[k] / n;
    ece += share * gap;
    mce = Math.max(mce, gap);
    sumReliability += share * gap * gap;
    resolution += share * (observed - rate) ** 2;
    rows.push({ ...edges, meanPredicted, observed, wilson: wilson(events[k], counts[k], conf) });
  }
  return { ece, mce, reliability: sumReliability, resolution, uncertainty: rate * (1 - rate), bins: rows };
}

/** The bin whose printed edges hold p: a product that rounds over an edge does not move it. */
function binOf(p: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.floor(p * bins));
  if (bin + 1 < bins && p >= (bin + 1) / bins) bin++;
  else if (p < bin / bins) bin--;
  return bin;
}

/** Sums of groups of equal size by rank: the case of ascending rank r (1…n, ties by index) is in group ⌈r G / n⌉. */
export interface RankGroups {
  readonly counts: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
}

/** @param order  as `sortedOrder(p)` gives it */
export function rankGroups(y: ArrayLike<number>, p: ArrayLike<number>, order: Uint32Array, groups: number): RankGroups {
  const n = order.length;
  const sums = { counts: new Float64Array(groups), observed: new Float64Array(groups), expected: new Float64Array(groups) };
  for (let r = 0; r < n; r++) {
    const group = Math.ceil(((r + 1) * groups) / n) - 1;
    sums.counts[group]++;
    sums.observed[group] += y[order[r]];
    sums.expected[group] += p[order[r]];
  }
  return sums;
}

/**
 * Adaptive calibration error: as the expected one, but over bins of equal mass.
 * @param bins  how many, 1…10,000
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN
 */
export function equalMassCalibrationError(y: ArrayLike<number>, p: ArrayLike<number>, bins = 10): number {
  requireProbabilities(y, p);
  requireGroups(bins);
  return equalMassError(rankGroups(y, p, sortedOrder(p), bins));
}

/** As `equalMassCalibrationError`, of groups by rank. */
export function equalMassError({ counts, observed, expected }: RankGroups): number {
  let [error, n] = [0, 0];
  for (let g = 0; g < counts.length; g++) {
    error += Math.abs(expected[g] - observed[g]);
    n += counts[g];
  }
  return error / n;
}
