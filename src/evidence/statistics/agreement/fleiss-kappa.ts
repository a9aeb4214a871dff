import { normalTwoSided } from '../distributions/normal.js';
import { requireCounts, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import type { Flag } from '../results.js';

export interface FleissKappa {
  readonly kappa: number;
  readonly pObserved: number;
  readonly pExpected: number;
  /** Standard error under κ = 0 (Fleiss, Nee and Landis 1979). */
  readonly seNull: number | null;
  readonly z: number | null;
  readonly p: number | null;
  /** κ of each category against all others; null where nobody used it. */
  readonly categoryKappa: readonly (number | null)[];
  readonly flags: readonly Flag[];
}

/**
 * Chance-corrected agreement of m raters, not necessarily the same for each subject (Fleiss 1971).
 * @param counts  [subjects × categories]: how many raters put the subject there; each row sums to m
 * @throws E_EMPTY, E_LENGTH_MISMATCH rows of different lengths, E_DOMAIN a negative or fractional count,
 *         E_TOO_FEW raters, E_UNBALANCED rows of different sums, E_DEGENERATE one category alone was used
 */
export function fleissKappa(counts: ArrayLike<ArrayLike<number>>): FleissKappa {
  requireSome(counts);
  const n = counts.length;
  const categories = counts[0].length;
  const used = new Float64Array(categories);
  for (let i = 0; i < n; i++) requireSameLength(counts[0], counts[i]);
  requireSome(counts[0]);
  for (let i = 0; i < n; i++) for (let j = 0; j < categories; j++) requireCounts(counts[i][j]);
  const raters = rowSum(counts[0]);
  requireThat(raters >= 2, 'E_TOO_FEW');
  let squares = 0;
  const disagreeing = new Float64Array(categories); // n_ij (m − n_ij) over subjects
  for (let i = 0; i < n; i++) {
    requireThat(rowSum(counts[i]) === raters, 'E_UNBALANCED');
    for (let j = 0; j < categories; j++) {
      const count = counts[i][j];
      used[j] += count;
      squares += count * (count - 1);
      disagreeing[j] += count * (raters - count);
    }
  }
  requireThat(!used.includes(n * raters), 'E_DEGENERATE');
  const pObserved = squares / (n * raters * (raters - 1));
  let pExpected = 0;
  let spread = 0; // Σ p q
  let skew = 0; // Σ p q (q − p)
  for (const count of used) {
    const p = count / (n * raters);
    pExpected += p * p;
    spread += p * (1 - p);
    skew += p * (1 - p) * (1 - 2 * p);
  }
  const kappa = (pObserved - pExpected) / (1 - pExpected);
  const variance = (2 * (spread * spread - skew)) / (n * raters * (raters - 1) * spread * spread);
  const seNull = variance > 0 ? Math.sqrt(variance) : null;
  const z = seNull === null ? null : kappa / seNull;
  return {
    kappa,
    pObserved,
    pExpected,
    seNull,
    z,
    p: z === null ? null : normalTwoSided(z),
    categoryKappa: Array.from(used, (count, j) => {
      const p = count / (n * raters);
      return count === 0 ? null : 1 - disagreeing[j] / (n * raters * (raters - 1) * p * (1 - p));
    }),
    flags: seNull === null ? ['ZERO_VARIANCE'] : used.includes(0) ? ['ZERO_DENOMINATOR'] : [],
  };
}

function rowSum(row: ArrayLike<number>): number {
  let total = 0;
  for (let j = 0; j < row.length; j++) total += row[j];
  return total;
}
