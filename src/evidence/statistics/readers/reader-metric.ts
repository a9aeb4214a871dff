import type { ClassCounts } from '../input-checks.js';
import { StatisticsError } from '../statistics-error.js';
import { classLevels } from '../roc/class-levels.js';
import { placements } from '../roc/placements.js';
import { jointConcordance } from './joint-concordance.js';

/** A reader's accuracy; the binary ones take a case as positive where its rating ≥ threshold. */
export type ReaderMetric =
  | { readonly metric: 'auc' }
  | { readonly metric: 'sensitivity'; readonly threshold: number }
  | { readonly metric: 'specificity'; readonly threshold: number };

/** How the covariance of two readers' accuracies is estimated; for sensitivity and specificity all three are the same. */
export type CovarianceMethod = 'jackknife' | 'delong' | 'unbiased';

/** One reader's accuracy with one test, and what each case does to it. */
export interface Accuracy {
  readonly theta: number;
  /** [positives], each one's component less theta: DeLong's V10 of an AUC, right or wrong of a sensitivity; none of a specificity */
  readonly ofPositives: Float64Array;
  /** [negatives] */
  readonly ofNegatives: Float64Array;
  /** places of the ratings, for the covariance that needs pairs of cases */
  readonly ranks: Uint32Array;
}

/**
 * @param truth  [cases], 0 or 1, checked before
 * @param ratings  [cases], checked before
 */
export function accuracyOf(truth: ArrayLike<number>, ratings: ArrayLike<number>, metric: ReaderMetric): Accuracy {
  const levels = classLevels(truth, ratings);
  const ofPositives = new Float64Array(metric.metric === 'specificity' ? 0 : levels.positives);
  const ofNegatives = new Float64Array(metric.metric === 'sensitivity' ? 0 : levels.negatives);
  const { ranks } = levels;
  let theta: number;
  if (metric.metric === 'auc') {
    const { auc, ofPositive, ofNegative } = placements(levels);
    theta = auc;
    for (let i = 0, p = 0, n = 0; i < ranks.length; i++)
      if (truth[i] === 1) ofPositives[p++] = ofPositive[ranks[i]] - auc;
      else ofNegatives[n++] = ofNegative[ranks[i]] - auc;
  } else {
    const [own, label] = metric.metric === 'sensitivity' ? [ofPositives, 1] : [ofNegatives, 0];
    let right = 0;
    for (let i = 0, k = 0; i < ranks.length; i++)
      if (truth[i] === label) right += own[k++] = ratings[i] >= metric.threshold === (label === 1) ? 1 : 0;
    theta = right / own.length;
    for (let k = 0; k < own.length; k++) own[k] -= theta;
  }
  return { theta, ofPositives, ofNegatives, ranks };
}

/** @throws E_ONE_CLASS the class that the metric is of is missing, E_TOO_FEW it has one case: nothing varies */
export function requireCasesFor({ metric }: ReaderMetric, { positives, negatives }: ClassCounts): void {
  const needed = metric === 'auc' ? [positives, negatives] : [metric === 'sensitivity' ? positives : negatives];
  if (needed.includes(0)) throw new StatisticsError('E_ONE_CLASS');
  if (needed.includes(1)) throw new StatisticsError('E_TOO_FEW');
}

/** Covariances of all accuracies on the same cases, [accuracies][accuracies]. */
export function covarianceMatrix(
  truth: ArrayLike<number>,
  accuracies: readonly Accuracy[],
  metric: ReaderMetric,
  method: CovarianceMethod,
): Float64Array[] {
  const covariance = covarianceOf(truth, metric, method);
  const matrix = accuracies.map(() => new Float64Array(accuracies.length));
  for (let a = 0; a < accuracies.length; a++)
    for (let b = a; b < accuracies.length; b++) matrix[a][b] = matrix[b][a] = covariance(accuracies[a], accuracies[b]);
  return matrix;
}

type Covariance = (a: Accuracy, b: Accuracy) => number;

function covarianceOf(truth: ArrayLike<number>, { metric }: ReaderMetric, method: CovarianceMethod): Covariance {
  if (metric !== 'auc') return (a, b) => ofMeans(a.ofPositives, b.ofPositives) + ofMeans(a.ofNegatives, b.ofNegatives);
  switch (method) {
    case 'delong':
      return (a, b) => ofMeans(a.ofPositives, b.ofPositives) + ofMeans(a.ofNegatives, b.ofNegatives);
    case 'jackknife':
      return jackknife;
    case 'unbiased':
      return (a, b) => unbiased(truth, a, b);
    default:
      throw new StatisticsError('E_DOMAIN');
  }
}

/** Covariance of two means of as many components; 0 of none. */
function ofMeans(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  return n === 0 ? 0 : products(a, b) / ((n - 1) * n);
}

/**
 * The jackknife over all cases. Without a positive case the AUC is further by (A − V10)/(m − 1), and its mean over all cases is A
 * itself, so DeLong's components say it all.
 */
function jackknife({ ofPositives: p1, ofNegatives: n1 }: Accuracy, { ofPositives: p2, ofNegatives: n2 }: Accuracy): number {
  const m = p1.length;
  const n = n1.length;
  return ((m + n - 1) / (m + n)) * (products(p1, p2) / (m - 1) / (m - 1) + products(n1, n2) / (n - 1) / (n - 1));
}

/** The unbiased estimate by pairs of pairs (Gallas, Pennello and Myers, JOSA A 24 (2007) B70). */
function unbiased(truth: ArrayLike<number>, a: Accuracy, b: Accuracy): number {
  const m = a.ofPositives.length;
  const n = a.ofNegatives.length;
  const product = a.theta * b.theta;
  // means over pairs of cases of the product of the two readers' orders: sharing a positive case, a negative one, both
  const samePositive = products(a.ofPositives, b.ofPositives) / m + product;
  const sameNegative = products(a.ofNegatives, b.ofNegatives) / n + product;
  const samePair = jointConcordance(truth, a.ranks, b.ranks) / (m * n);
  const pairs = m * n;
  const weight = pairs / ((m - 1) * (n - 1));
  return (1 - weight) * product + weight * (samePositive / m + sameNegative / n - samePair / pairs);
}

function products(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
