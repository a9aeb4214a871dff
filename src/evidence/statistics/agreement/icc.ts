import { fQuantile } from '../distributions/f.js';
import { requireFinite, requireOpenUnit, requireSome, requireThat } from '../input-checks.js';
import { type Flag, type Interval, intervalOf } from '../results.js';

export interface MeanSquares {
  readonly between: number;
  readonly within: number;
  readonly judges: number;
  readonly error: number;
}

export interface IccForm {
  /** Null where the variance that it is a share of is estimated as nothing or less. */
  readonly value: number | null;
  /** Null where a mean square is 0, as nothing beside the other: the F ratio that the limits come from says nothing. */
  readonly ci: Interval | null;
}

/** The six forms of Shrout and Fleiss: (1) raters differ by subject, (2) raters random, (3) raters fixed; `k` the mean of k raters. */
export interface IntraclassCorrelation {
  readonly ms: MeanSquares;
  readonly icc1: IccForm;
  readonly icc2: IccForm;
  readonly icc3: IccForm;
  readonly icc1k: IccForm;
  readonly icc2k: IccForm;
  readonly icc3k: IccForm;
  readonly flags: readonly Flag[];
}

/**
 * Intraclass correlation of a complete two-way table (Shrout and Fleiss 1979; McGraw and Wong 1996, with Satterthwaite's
 * degrees of freedom for form 2).
 * @param ratings  [subjects × raters], every cell a finite number
 * @param conf     level of the intervals, 0 < conf < 1
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN (also squares that no double holds), E_TOO_FEW fewer than two subjects or raters, E_UNBALANCED rows of different
 *         lengths, E_DEGENERATE all ratings equal
 */
export function intraclassCorrelation(ratings: ArrayLike<ArrayLike<number>>, conf: number): IntraclassCorrelation {
  requireSome(ratings);
  for (let i = 0; i < ratings.length; i++) {
    requireSome(ratings[i]);
    requireFinite(ratings[i]);
  }
  requireOpenUnit(conf);
  const n = ratings.length;
  const k = ratings[0].length;
  requireThat(n >= 2 && k >= 2, 'E_TOO_FEW');
  for (let i = 0; i < n; i++) requireThat(ratings[i].length === k, 'E_UNBALANCED');
  const ms = meanSquares(ratings);
  requireThat(Number.isFinite(ms.between + ms.within), 'E_DOMAIN');
  requireThat(ms.between > 0 || ms.within > 0, 'E_DEGENERATE');
  const { between, within, judges, error } = ms;
  const one = form(
    between - within,
    between + (k - 1) * within,
    between,
    between === 0 || within === 0 ? null : oneWayInterval(ms, n, k, conf),
  );
  const three = form(
    between - error,
    between + (k - 1) * error,
    between,
    between === 0 || error === 0 ? null : fixedInterval(ms, n, k, conf),
  );
  const two = ratio(between - error, between + (k - 1) * error + (k * (judges - error)) / n);
  const limits = two === null || between === 0 || error === 0 ? null : randomInterval(ms, two, n, k, conf);
  const forms = {
    icc1: one.single,
    icc2: { value: two, ci: limits },
    icc3: three.single,
    icc1k: one.average,
    icc2k: { value: ratio(between - error, between + (judges - error) / n), ci: limits === null ? null : averagedLimits(limits, k) },
    icc3k: three.average,
  };
  const flags: Flag[] = [];
  if (Object.values(forms).some(({ value }) => value === null)) flags.push('ZERO_DENOMINATOR');
  if (Object.values(forms).some(({ value, ci }) => value !== null && ci === null)) flags.push('ZERO_VARIANCE');
  return { ms, ...forms, flags };
}

/** Mean squares of the two-way table from its residuals; what is rounding of the ratings is 0. */
function meanSquares(ratings: ArrayLike<ArrayLike<number>>): MeanSquares {
  const n = ratings.length;
  const k = ratings[0].length;
  const origin = ratings[0][0]; // differences from one rating keep the digits of what varies
  const ofSubject = new Float64Array(n);
  const ofJudge = new Float64Array(k);
  let largest = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < k; j++) {
      const rating = ratings[i][j] - origin;
      largest = Math.max(largest, Math.abs(ratings[i][j]));
      ofSubject[i] += rating / k;
      ofJudge[j] += rating / n;
    }
  const mean = ofJudge.reduce((total, one) => total + one, 0) / k;
  let between = 0;
  let within = 0;
  let judges = 0;
  let error = 0;
  for (let i = 0; i < n; i++) {
    between += k * (ofSubject[i] - mean) ** 2;
    for (let j = 0; j < k; j++) {
      within += (ratings[i][j] - origin - ofSubject[i]) ** 2;
      error += (ratings[i][j] - origin - ofSubject[i] - ofJudge[j] + mean) ** 2;
    }
  }
  for (let j = 0; j < k; j++) judges += n * (ofJudge[j] - mean) ** 2;
  const noise = n * k * (4 * Number.EPSILON * largest) ** 2;
  const square = (sum: number, df: number): number => (sum <= noise ? 0 : sum / df);
  return {
    between: square(between, n - 1),
    within: square(within, n * (k - 1)),
    judges: square(judges, k - 1),
    error: square(error, (n - 1) * (k - 1)),
  };
}

/** A reliability is a share of a variance: where that is estimated as nothing or less, there is none. */
const ratio = (numerator: number, denominator: number): number | null => (denominator > 0 ? numerator / denominator : null);

/** Spearman-Brown: the reliability of the mean of k from that of one. */
const averaged = (single: number, k: number): number => (k * single) / (1 + (k - 1) * single);

/** Null where the lower limit is so low that the mean of k has no reliability to it. */
function averagedLimits([lower, upper]: Interval, k: number): Interval | null {
  return 1 + (k - 1) * lower > 0 ? intervalOf(averaged(lower, k), averaged(upper, k)) : null;
}

/** A form for one rater and for the mean of k, which share their numerator and the F ratio's limits. */
function form(numerator: number, denominator: number, between: number, fLimits: FLimits | null): { single: IccForm; average: IccForm } {
  const limits = (of: (f: number) => number): Interval | null =>
    fLimits === null ? null : intervalOf(of(fLimits.lower), of(fLimits.upper));
  return {
    single: { value: ratio(numerator, denominator), ci: limits((f) => (f - 1) / (f + fLimits!.k - 1)) },
    average: { value: ratio(numerator, between), ci: between === 0 ? null : limits((f) => 1 - 1 / f) },
  };
}

interface FLimits {
  readonly lower: number;
  readonly upper: number;
  readonly k: number;
}

function fLimits(f: number, df1: number, df2: number, k: number, conf: number): FLimits {
  const upper = 1 - (1 - conf) / 2;
  return { lower: f / fQuantile(upper, df1, df2), upper: f * fQuantile(upper, df2, df1), k };
}

const oneWayInterval = ({ between, within }: MeanSquares, n: number, k: number, conf: number): FLimits =>
  fLimits(between / within, n - 1, n * (k - 1), k, conf);

const fixedInterval = ({ between, error }: MeanSquares, n: number, k: number, conf: number): FLimits =>
  fLimits(between / error, n - 1, (n - 1) * (k - 1), k, conf);

/** Limits of form 2 (McGraw and Wong 1996, Table 7), with Satterthwaite's degrees of freedom; null where they divide by 0. */
function randomInterval({ between, judges, error }: MeanSquares, icc: number, n: number, k: number, conf: number): Interval | null {
  const fj = judges / error;
  const rest = n * (1 + (k - 1) * icc) - k * icc;
  const df = ((k - 1) * (n - 1) * (k * icc * fj + rest) ** 2) / ((n - 1) * k ** 2 * icc ** 2 * fj ** 2 + rest ** 2);
  if (!(df > 0)) return null;
  const upper = 1 - (1 - conf) / 2;
  const fUpper = fQuantile(upper, n - 1, df);
  const fLower = fQuantile(upper, df, n - 1);
  const common = k * judges + (k * n - k - n) * error;
  // F is divided out, since its quantile in a far tail may be more than a double holds
  const lower = (n * (between / fUpper - error)) / (common + (n * between) / fUpper);
  return intervalOf(lower, (n * (between - error / fLower)) / (common / fLower + n * between));
}
