import { normalCritical, normalTwoSided } from '../distributions/normal.js';
import { requireOpenUnit, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import type { Flag, Interval } from '../results.js';

/** Which disagreements count how much: all fully, by their distance in the list of categories, or by its square. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

export interface CohenKappa {
  readonly n: number;
  /** Weighted agreement observed, and expected from the margins alone. */
  readonly po: number;
  readonly pe: number;
  readonly kappa: number;
  /** Standard error for an interval (Fleiss, Cohen and Everitt 1969); null where all agree. */
  readonly se: number | null;
  /** Not truncated to −1..1. */
  readonly ci: Interval | null;
  /** Standard error under κ = 0, for the test. */
  readonly seNull: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly flags: readonly Flag[];
}

/**
 * Chance-corrected agreement of two raters over the same subjects (Cohen 1960, 1968).
 * @param rater1      a code a subject, each one of `categories`
 * @param rater2      the other rater's, same length
 * @param categories  all codes in their order (the order is what linear and quadratic weights measure along), two at least
 * @param conf        level of the interval, 0 < conf < 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL a code that is no category, E_DOMAIN,
 *         E_DEGENERATE both raters used one and the same category alone
 */
export function cohenKappa(
  rater1: ArrayLike<number>,
  rater2: ArrayLike<number>,
  categories: ArrayLike<number>,
  weights: KappaWeights,
  conf: number,
): CohenKappa {
  requireSome(rater1);
  requireSameLength(rater1, rater2);
  const table = crossTable(rater1, rater2, categories);
  requireOpenUnit(conf);
  const n = rater1.length;
  const k = categories.length;
  const rows = Array.from({ length: k }, (_, i) => sum(k, (j) => table[i * k + j]) / n);
  const columns = Array.from({ length: k }, (_, j) => sum(k, (i) => table[i * k + j]) / n);
  const w = (i: number, j: number): number => agreementWeight(weights, Math.abs(i - j), k - 1);
  const po = sum(k, (i) => sum(k, (j) => w(i, j) * table[i * k + j])) / n;
  const pe = sum(k, (i) => rows[i] * sum(k, (j) => w(i, j) * columns[j]));
  requireThat(!rows.some((share, i) => share === 1 && columns[i] === 1), 'E_DEGENERATE');
  const kappa = (po - pe) / (1 - pe);
  const ofRow = Array.from({ length: k }, (_, i) => sum(k, (j) => w(i, j) * columns[j]));
  const ofColumn = Array.from({ length: k }, (_, j) => sum(k, (i) => w(i, j) * rows[i]));
  // Both variances of 1969 as sums of squares about their means, which no rounding can make negative
  const mean = kappa - pe * (1 - kappa);
  const spread = sum(k, (i) => sum(k, (j) => (table[i * k + j] / n) * (w(i, j) - (ofRow[i] + ofColumn[j]) * (1 - kappa) - mean) ** 2));
  const spreadNull = sum(k, (i) => sum(k, (j) => rows[i] * columns[j] * (w(i, j) - ofRow[i] - ofColumn[j] + pe) ** 2));
  const se = positive(Math.sqrt(spread / n) / (1 - pe));
  const seNull = positive(Math.sqrt(spreadNull / n) / (1 - pe));
  const half = normalCritical(conf) * (se ?? 0);
  const z = seNull === null ? null : kappa / seNull;
  return {
    n,
    po,
    pe,
    kappa,
    se,
    ci: se === null ? null : [kappa - half, kappa + half],
    seNull,
    z,
    p: z === null ? null : normalTwoSided(z),
    flags: se === null || seNull === null ? ['ZERO_VARIANCE'] : [],
  };
}

/** Subjects by first rater's category (row) and second's (column), [k × k], row by row. */
function crossTable(rater1: ArrayLike<number>, rater2: ArrayLike<number>, categories: ArrayLike<number>): Float64Array {
  const k = categories.length;
  const place = new Map<number, number>();
  for (let i = 0; i < k; i++) place.set(categories[i], i);
  const table = new Float64Array(k * k);
  for (let i = 0; i < rater1.length; i++) {
    const row = place.get(rater1[i]);
    const column = place.get(rater2[i]);
    requireThat(row !== undefined && column !== undefined, 'E_LABEL');
    table[row! * k + column!]++;
  }
  requireThat(k >= 2 && place.size === k, 'E_DOMAIN');
  return table;
}

function agreementWeight(weights: KappaWeights, distance: number, longest: number): number {
  if (weights === 'none') return distance === 0 ? 1 : 0;
  return weights === 'linear' ? 1 - distance / longest : 1 - (distance / longest) ** 2;
}

function sum(count: number, term: (index: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/** What is nothing but rounding is no spread. */
const positive = (deviation: number): number | null => (deviation > 1e-12 ? deviation : null);
