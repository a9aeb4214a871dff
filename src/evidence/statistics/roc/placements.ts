import type { ClassLevels } from './class-levels.js';

/**
 * DeLong's structural components (DeLong, DeLong and Clarke-Pearson 1988): of a positive case the share of negatives that
 * score less (V10), of a negative case the share of positives that score more (V01), equal scores half. They depend on the
 * score alone, so one sweep over the different scores gives all of them (Sun and Xu 2014, without their midranks).
 */
export interface Placements {
  readonly auc: number;
  /** twice the Mann–Whitney count, a whole number */
  readonly twiceU: number;
  /** V10 of a positive case with the score of each place, smallest first */
  readonly ofPositive: Float64Array;
  /** V01 of a negative case with the score of each place */
  readonly ofNegative: Float64Array;
}

/** Both classes must be there. */
export function placements({ positives, negatives, positivesAt, negativesAt }: ClassLevels): Placements {
  const levels = positivesAt.length;
  const ofPositive = new Float64Array(levels);
  const ofNegative = new Float64Array(levels);
  let twiceU = 0;
  let negativesBelow = 0;
  let positivesBelow = 0;
  for (let level = 0; level < levels; level++) {
    const p = positivesAt[level];
    const n = negativesAt[level];
    const twiceBelow = 2 * negativesBelow + n;
    ofPositive[level] = twiceBelow / (2 * negatives);
    ofNegative[level] = (2 * (positives - positivesBelow) - p) / (2 * positives);
    twiceU += p * twiceBelow;
    negativesBelow += n;
    positivesBelow += p;
  }
  return { auc: twiceU / (2 * positives * negatives), twiceU, ofPositive, ofNegative };
}

/** DeLong's variance of the AUC; null where a class has one case only. */
export function delongVariance(levels: ClassLevels, { auc, ofPositive, ofNegative }: Placements): number | null {
  const { positives, negatives, positivesAt, negativesAt } = levels;
  if (positives < 2 || negatives < 2) return null;
  let squaresOfPositive = 0;
  let squaresOfNegative = 0;
  for (let level = 0; level < positivesAt.length; level++) {
    const p = ofPositive[level] - auc;
    const n = ofNegative[level] - auc;
    squaresOfPositive += positivesAt[level] * p * p;
    squaresOfNegative += negativesAt[level] * n * n;
  }
  return squaresOfPositive / ((positives - 1) * positives) + squaresOfNegative / ((negatives - 1) * negatives);
}

/** One curve of several on the same cases. */
export interface Curve {
  readonly levels: ClassLevels;
  readonly placements: Placements;
}

/** Of two curves on the same cases. */
export interface JointVariance {
  readonly covariance: number;
  /** of the difference of the AUCs, summed over the cases' own differences: 0 exactly where the curves order all cases alike */
  readonly ofDifference: number;
}

/** DeLong's covariance of the AUCs of two curves on the same cases; null where a class has one case only. */
export function delongJointVariance(labels: ArrayLike<number>, first: Curve, second: Curve): JointVariance | null {
  const { positives, negatives } = first.levels;
  if (positives < 2 || negatives < 2) return null;
  const { ranks: ranks1 } = first.levels;
  const { ranks: ranks2 } = second.levels;
  const { auc: auc1, ofPositive: positive1, ofNegative: negative1 } = first.placements;
  const { auc: auc2, ofPositive: positive2, ofNegative: negative2 } = second.placements;
  let productsOfPositive = 0;
  let productsOfNegative = 0;
  let squaresOfPositive = 0;
  let squaresOfNegative = 0;
  for (let i = 0; i < ranks1.length; i++) {
    if (labels[i] === 1) {
      const a = positive1[ranks1[i]] - auc1;
      const b = positive2[ranks2[i]] - auc2;
      productsOfPositive += a * b;
      squaresOfPositive += (a - b) * (a - b);
    } else {
      const a = negative1[ranks1[i]] - auc1;
      const b = negative2[ranks2[i]] - auc2;
      productsOfNegative += a * b;
      squaresOfNegative += (a - b) * (a - b);
    }
  }
  const m = (positives - 1) * positives;
  const n = (negatives - 1) * negatives;
  return { covariance: productsOfPositive / m + productsOfNegative / n, ofDifference: squaresOfPositive / m + squaresOfNegative / n };
}
