import { studentCritical, studentTwoSided, studentUpper } from '../distributions/student-t.js';
import { requireThat } from '../input-checks.js';
import type { Extended, Flag, Interval } from '../results.js';
import { mean, unlessRounding } from './anova-components.js';
import { requireAllRated, requireRatings } from './ratings-checks.js';
import { accuracyOf, covarianceMatrix, requireCasesFor, type Accuracy, type ReaderMetric } from './reader-metric.js';

export interface AiAgainstReaders {
  readonly ai: number;
  readonly readers: readonly number[];
  readonly readerMean: number;
  /** the AI's less the readers' mean */
  readonly difference: number;
  /** mean square of the readers: the variance of their differences from the AI */
  readonly msR: number;
  readonly varError: number;
  /** mean covariance of two readers' differences */
  readonly cov2: number;
  readonly se: number;
  readonly df: Extended | null;
  readonly t: number | null;
  /** two-sided */
  readonly p: number | null;
  readonly ci: Interval | null;
  /** null where no margin is given */
  readonly noninferiority: { readonly margin: number; readonly t: number; readonly pOneSided: number } | null;
  readonly readersBelowAi: number;
  readonly flags: readonly Flag[];
}

/**
 * Stand-alone AI against the mean of readers on the same cases: cases and readers random, the AI fixed (Hillis, Statistics in
 * Medicine 26 (2007) 596, section 5.3; Chakraborty's 1T-RRRC), by the jackknife.
 * @param truth  [cases], 0 or 1
 * @param ai  [cases], finite
 * @param readers  [readers][cases]; for a binary metric on the AI's scale
 * @returns test and interval null with ZERO_VARIANCE where nothing varies
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS, E_TOO_FEW (fewer than two readers, a class of one
 *         case), E_UNBALANCED a rating is missing
 */
export function aiAgainstReaders(
  truth: ArrayLike<number>,
  ai: ArrayLike<number>,
  readers: readonly ArrayLike<number>[],
  metric: ReaderMetric,
  { conf = 0.95, margin }: { readonly conf?: number; readonly margin?: number } = {},
): AiAgainstReaders {
  const columns = [ai, ...readers];
  const classes = requireRatings(truth, columns, metric, conf);
  requireThat(margin === undefined || (Number.isFinite(margin) && margin > 0), 'E_DOMAIN');
  requireCasesFor(metric, classes);
  requireThat(readers.length > 1, 'E_TOO_FEW');
  requireAllRated(columns);
  const [own, ...others] = columns.map((ratings) => accuracyOf(truth, ratings, metric));
  const count = others.length;
  const differences = others.map((other) => lessThan(own, other));
  const matrix = covarianceMatrix(truth, differences, metric, 'jackknife');
  const difference = mean(differences.map(({ theta }) => theta));
  const msR = unlessRounding(differences.reduce((sum, { theta }) => sum + (theta - difference) ** 2, 0) / (count - 1));
  const varError = mean(matrix.map((row, j) => row[j]));
  const cov2 = mean(matrix.flatMap((row, j) => [...row].filter((_, k) => k !== j)));
  const denominator = msR + count * Math.max(cov2, 0);
  const estimates = {
    ai: own.theta,
    readers: others.map(({ theta }) => theta),
    readerMean: mean(others.map(({ theta }) => theta)),
    difference,
    msR,
    varError,
    cov2,
    readersBelowAi: others.filter(({ theta }) => theta < own.theta).length,
  };
  if (!(denominator > 0))
    return { ...estimates, se: 0, df: null, t: null, p: null, ci: null, noninferiority: null, flags: ['ZERO_VARIANCE'] };
  const se = Math.sqrt(denominator / count);
  const df = (denominator / msR) * (denominator / msR) * (count - 1); // infinite where readers do not differ
  const t = difference / se;
  const half = studentCritical(conf, df) * se;
  const beyond = (difference + (margin ?? 0)) / se;
  return {
    ...estimates,
    se,
    df: df === Infinity ? 'Infinity' : df,
    t,
    p: studentTwoSided(t, df),
    ci: [difference - half, difference + half],
    noninferiority: margin === undefined ? null : { margin, t: beyond, pOneSided: studentUpper(beyond, df) },
    flags: [],
  };
}

/** The accuracy of the difference: what a case does to it is the difference of what it does to either. */
function lessThan(a: Accuracy, b: Accuracy): Accuracy {
  return {
    theta: a.theta - b.theta,
    ofPositives: a.ofPositives.map((value, i) => value - b.ofPositives[i]),
    ofNegatives: a.ofNegatives.map((value, i) => value - b.ofNegatives[i]),
    ranks: a.ranks,
  };
}
