import { chiSquareUpper } from '../distributions/chi-square.js';
import { requireCounts, requireFinite, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import type { Flag } from '../results.js';

export interface ProportionHeterogeneity {
  /** Chi-square of the 2 × G table without correction; null where every case of every group has the same outcome. */
  readonly pearson: { readonly chi2: number; readonly df: number; readonly p: number } | null;
  /** Largest less smallest proportion of the groups compared. */
  readonly maxGap: number;
  /** 0-based places of groups that are too small to be compared: they are reported, but not in the test. */
  readonly excluded: readonly number[];
  /** An expected count is below 5: the chi-square is a rough one. */
  readonly expectedBelow5: boolean;
  readonly flags: readonly Flag[];
}

/**
 * Whether a proportion differs between subgroups (Pearson's chi-square).
 * @param x     successes a group
 * @param n     trials a group
 * @param minN  groups with fewer trials are excluded; 1 at least
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_DOMAIN, E_TOO_FEW fewer than two groups left
 */
export function proportionHeterogeneity(x: ArrayLike<number>, n: ArrayLike<number>, minN: number): ProportionHeterogeneity {
  requireSome(x);
  requireSameLength(x, n);
  for (let g = 0; g < x.length; g++) {
    requireCounts(x[g], n[g]);
    requireThat(x[g] <= n[g], 'E_DOMAIN');
  }
  requireCounts(minN);
  requireThat(minN >= 1, 'E_DOMAIN');
  const groups = Array.from(x, (success, g) => ({ success, trials: n[g], share: success / n[g] }));
  const excluded = groups.flatMap(({ trials }, g) => (trials < minN ? [g] : []));
  const kept = groups.filter(({ trials }) => trials >= minN);
  requireThat(kept.length >= 2, 'E_TOO_FEW');
  const trials = kept.reduce((sum, group) => sum + group.trials, 0);
  const successes = kept.reduce((sum, group) => sum + group.success, 0);
  const overall = successes / trials;
  const shares = kept.map(({ share }) => share);
  const fewest = Math.min(...kept.map((group) => group.trials)) * Math.min(overall, 1 - overall);
  const common = { maxGap: Math.max(...shares) - Math.min(...shares), excluded, expectedBelow5: fewest < 5 };
  if (successes === 0 || successes === trials) return { pearson: null, ...common, flags: ['ZERO_DENOMINATOR'] };
  // both rows of the table at once: (O − E)² (1/E + 1/(n − E))
  const chi2 = kept.reduce(
    (sum, group) => sum + (group.success - group.trials * overall) ** 2 / (group.trials * overall * (1 - overall)),
    0,
  );
  const df = kept.length - 1;
  return { pearson: { chi2, df, p: chiSquareUpper(chi2, df) }, ...common, flags: [] };
}

export interface EstimateHeterogeneity {
  /** Mean weighted by 1 / variance. */
  readonly pooled: number;
  readonly cochranQ: number;
  readonly df: number;
  readonly p: number;
  /** Share of the variation that is not chance (Higgins and Thompson 2002). */
  readonly i2: number;
}

/**
 * Whether estimates with their variances (AUCs of sites, say) differ (Cochran 1954).
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN a variance that is not above 0, or squares that no
 *         double holds, E_TOO_FEW one estimate
 */
export function estimateHeterogeneity(estimate: ArrayLike<number>, variance: ArrayLike<number>): EstimateHeterogeneity {
  requireSome(estimate);
  requireSameLength(estimate, variance);
  requireFinite(estimate);
  requireFinite(variance);
  let [weight, sum] = [0, 0];
  for (let g = 0; g < estimate.length; g++) {
    requireThat(variance[g] > 0, 'E_DOMAIN');
    weight += 1 / variance[g];
    sum += (estimate[g] - estimate[0]) / variance[g];
  }
  requireThat(Number.isFinite(weight) && Number.isFinite(sum), 'E_DOMAIN');
  requireThat(estimate.length >= 2, 'E_TOO_FEW');
  const pooled = estimate[0] + sum / weight;
  let cochranQ = 0;
  for (let g = 0; g < estimate.length; g++) cochranQ += (estimate[g] - pooled) ** 2 / variance[g];
  requireThat(cochranQ < Infinity, 'E_DOMAIN');
  const df = estimate.length - 1;
  return { pooled, cochranQ, df, p: chiSquareUpper(cochranQ, df), i2: cochranQ > df ? (cochranQ - df) / cochranQ : 0 };
}
