import { normalCritical, normalTwoSided, normalUpper } from '../distributions/normal.js';
import { requireBothClasses, requireLabels, requireOpenUnit, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import type { Flag, Interval } from '../results.js';
import { classLevels } from './class-levels.js';
import { delongJointVariance, delongVariance, placements } from './placements.js';

export interface PairedAucs {
  readonly auc1: number;
  readonly auc2: number;
  /** auc1 − auc2 */
  readonly difference: number;
  readonly var1: number | null;
  readonly var2: number | null;
  readonly covariance: number | null;
  readonly correlation: number | null;
  readonly seDifference: number | null;
  readonly z: number | null;
  /** two-sided */
  readonly p: number | null;
  readonly ci: Interval | null;
  /** that the first is not worse than the second by the margin or more; null where no margin is given or none can be tested */
  readonly noninferiority: { readonly margin: number; readonly z: number; readonly pOneSided: number } | null;
  readonly flags: readonly Flag[];
}

/** A variance that rounding left of 0: one case of two million that changes places by one gives more. */
const ROUNDING = 1e-30;

/**
 * Two ROC curves on the same cases (DeLong, DeLong and Clarke-Pearson 1988; pROC's `roc.test(paired = TRUE)`).
 * @param labels  [cases], 0 or 1
 * @param scores1  [cases], the test's
 * @param scores2  [cases], the comparator's
 * @returns test and interval null with ZERO_VARIANCE where the difference does not vary (the same order of all cases), with
 *          TOO_FEW_FOR_VARIANCE where a class has one case
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN (margin ≤ 0 too), E_ONE_CLASS
 */
export function delongPaired(
  labels: ArrayLike<number>,
  scores1: ArrayLike<number>,
  scores2: ArrayLike<number>,
  { conf = 0.95, margin }: { readonly conf?: number; readonly margin?: number } = {},
): PairedAucs {
  requireSome(labels);
  requireSameLength(labels, scores1, scores2);
  requireLabels(labels);
  const levels1 = classLevels(labels, scores1);
  const levels2 = classLevels(labels, scores2);
  requireOpenUnit(conf);
  requireThat(margin === undefined || (Number.isFinite(margin) && margin > 0), 'E_DOMAIN');
  requireBothClasses(levels1);
  const first = { levels: levels1, placements: placements(levels1) };
  const second = { levels: levels2, placements: placements(levels2) };
  const auc1 = first.placements.auc;
  const auc2 = second.placements.auc;
  const difference = auc1 - auc2;
  const var1 = delongVariance(levels1, first.placements);
  const var2 = delongVariance(levels2, second.placements);
  const joint = delongJointVariance(labels, first, second);
  if (var1 === null || var2 === null || joint === null) {
    const unknown = {
      var1,
      var2,
      covariance: null,
      correlation: null,
      seDifference: null,
      z: null,
      p: null,
      ci: null,
      noninferiority: null,
    };
    return { auc1, auc2, difference, ...unknown, flags: ['TOO_FEW_FOR_VARIANCE'] };
  }
  const { covariance, ofDifference } = joint;
  const varies = ofDifference > ROUNDING;
  const seDifference = varies ? Math.sqrt(ofDifference) : 0;
  return {
    auc1,
    auc2,
    difference,
    var1,
    var2,
    covariance,
    correlation: var1 > 0 && var2 > 0 ? Math.max(-1, Math.min(1, covariance / Math.sqrt(var1 * var2))) : null,
    seDifference,
    ...(varies ? tested(difference, seDifference, conf, margin) : { z: null, p: null, ci: null, noninferiority: null }),
    flags: varies ? [] : ['ZERO_VARIANCE'],
  };
}

function tested(
  difference: number,
  se: number,
  conf: number,
  margin: number | undefined,
): Pick<PairedAucs, 'z' | 'p' | 'ci' | 'noninferiority'> {
  const half = normalCritical(conf) * se;
  const z = difference / se;
  const beyond = margin === undefined ? undefined : (difference + margin) / se;
  return {
    z,
    p: normalTwoSided(z),
    ci: [difference - half, difference + half],
    noninferiority: margin === undefined || beyond === undefined ? null : { margin, z: beyond, pOneSided: normalUpper(beyond) },
  };
}
