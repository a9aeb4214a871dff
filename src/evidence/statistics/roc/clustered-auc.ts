import { requireBothClasses, requireLabels, requireOpenUnit, requireSameLength, requireSome } from '../input-checks.js';
import type { Flag, Interval } from '../results.js';
import { waldWithinUnit } from '../wald-intervals.js';
import { classLevels } from './class-levels.js';
import { numberedClusters } from './clusters.js';
import { delongVariance, placements } from './placements.js';

export interface ClusteredAuc {
  readonly auc: number;
  readonly variance: number | null;
  readonly se: number | null;
  /** Wald, truncated to 0..1 */
  readonly ci: Interval | null;
  /** DeLong's, as if each case were a patient of its own */
  readonly varianceUnclustered: number | null;
  readonly clusters: number;
  readonly clustersWithPositive: number;
  readonly clustersWithNegative: number;
  readonly flags: readonly Flag[];
}

/**
 * AUC where patients have several images, breasts or lesions: the patient is the unit (Obuchowski, Biometrics 53 (1997) 567).
 * @param labels  [cases], 0 or 1
 * @param scores  [cases], finite
 * @param clusters  [cases], what patient a case is of
 * @returns variance null with TOO_FEW_FOR_VARIANCE where all cases of a class are one patient's; interval null with ZERO_VARIANCE
 *          where the estimated variance is not above 0
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN (a case of no patient too), E_ONE_CLASS
 */
export function clusteredAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  clusters: ArrayLike<number | string>,
  conf = 0.95,
): ClusteredAuc {
  requireSome(labels);
  requireSameLength(labels, scores, clusters);
  requireLabels(labels);
  const levels = classLevels(labels, scores);
  const { clusterOf, count } = numberedClusters(clusters);
  requireOpenUnit(conf);
  requireBothClasses(levels);
  const { positives, negatives, ranks } = levels;
  const placed = placements(levels);
  const { auc } = placed;
  const positiveSums = new Float64Array(count); // of V10 − A over a cluster's positives
  const negativeSums = new Float64Array(count);
  const hasPositive = new Uint8Array(count);
  const hasNegative = new Uint8Array(count);
  for (let i = 0; i < ranks.length; i++) {
    const cluster = clusterOf[i];
    if (labels[i] === 1) {
      positiveSums[cluster] += placed.ofPositive[ranks[i]] - auc;
      hasPositive[cluster] = 1;
    } else {
      negativeSums[cluster] += placed.ofNegative[ranks[i]] - auc;
      hasNegative[cluster] = 1;
    }
  }
  const withPositive = hasPositive.reduce((sum, one) => sum + one, 0);
  const withNegative = hasNegative.reduce((sum, one) => sum + one, 0);
  const enough = withPositive > 1 && withNegative > 1;
  let s10 = 0;
  let s01 = 0;
  let s11 = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    s10 += positiveSums[cluster] * positiveSums[cluster];
    s01 += negativeSums[cluster] * negativeSums[cluster];
    s11 += positiveSums[cluster] * negativeSums[cluster];
  }
  const variance = enough
    ? (withPositive / (withPositive - 1)) * (s10 / positives / positives) +
      (withNegative / (withNegative - 1)) * (s01 / negatives / negatives) +
      2 * (count / (count - 1)) * (s11 / positives / negatives)
    : null;
  const se = variance === null || variance < 0 ? null : Math.sqrt(variance);
  return {
    auc,
    variance,
    se,
    ci: se === null || se === 0 ? null : waldWithinUnit(auc, se, conf),
    varianceUnclustered: delongVariance(levels, placed),
    clusters: count,
    clustersWithPositive: withPositive,
    clustersWithNegative: withNegative,
    flags: variance === null ? ['TOO_FEW_FOR_VARIANCE'] : variance > 0 ? [] : ['ZERO_VARIANCE'],
  };
}
