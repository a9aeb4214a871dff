import { chiSquareUpper } from '../distributions/chi-square.js';
import { normalTwoSided } from '../distributions/normal.js';
import { requireThat } from '../input-checks.js';
import { sortedOrder } from '../ranking/dense-ranks.js';
import { requireGroups, requireProbabilities } from './probabilities.js';
import { type RankGroups, rankGroups } from './reliability.js';

export interface HosmerLemeshow {
  /** Null where a group's expectation is 0 or all of it, and the group's outcome another. */
  readonly chi2: number | null;
  readonly groups: number;
  /** groups − 2, as for a model's own data; of a locked model's external data it is a convention that must be said. */
  readonly df: number;
  /** Null below three groups. */
  readonly p: number | null;
}

/**
 * Hosmer and Lemeshow's test (1980) over groups of equal size by rank: Σ (O−E)² / (E (1−E/n_g)).
 * @param groups  2…10,000
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_TOO_FEW fewer cases than groups
 */
export function hosmerLemeshow(y: ArrayLike<number>, p: ArrayLike<number>, groups = 10): HosmerLemeshow {
  requireProbabilities(y, p);
  requireGroups(groups);
  requireThat(groups >= 2, 'E_DOMAIN');
  requireThat(y.length >= groups, 'E_TOO_FEW');
  return hosmerLemeshowOf(rankGroups(y, p, sortedOrder(p), groups));
}

/** As `hosmerLemeshow`, of groups by rank, none of them empty. */
export function hosmerLemeshowOf({ counts, observed, expected }: RankGroups): HosmerLemeshow {
  const groups = counts.length;
  const df = groups - 2;
  let chi2 = 0;
  for (let g = 0; g < groups; g++) {
    const difference = observed[g] - expected[g];
    const variance = expected[g] * (1 - expected[g] / counts[g]);
    if (variance > 0) chi2 += difference ** 2 / variance;
    else if (difference !== 0) return { chi2: null, groups, df, p: null };
  }
  if (chi2 === Infinity) return { chi2: null, groups, df, p: null };
  return { chi2, groups, df, p: df > 0 ? chiSquareUpper(chi2, df) : null };
}

export interface SpiegelhalterTest {
  /** Null where every p is 0, 0.5 or 1: the score has no variance then. */
  readonly z: number | null;
  readonly p: number | null;
}

/**
 * Spiegelhalter's test of calibration (1986): z = Σ (y−p)(1−2p) / √Σ (1−2p)² p (1−p), two-sided.
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN
 */
export function spiegelhalterTest(y: ArrayLike<number>, p: ArrayLike<number>): SpiegelhalterTest {
  requireProbabilities(y, p);
  let [sum, variance] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    const lean = 1 - 2 * p[i];
    sum += (y[i] - p[i]) * lean;
    variance += lean * lean * p[i] * (1 - p[i]);
  }
  if (variance === 0) return { z: null, p: null };
  const z = sum / Math.sqrt(variance);
  return { z, p: normalTwoSided(z) };
}
