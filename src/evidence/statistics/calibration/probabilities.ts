import { type ClassCounts, requireCounts, requireLabelledScores, requireThat } from '../input-checks.js';

/**
 * Labels with probabilities: the checks that come before a parameter's.
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN a probability outside 0…1
 */
export function requireProbabilities(y: ArrayLike<number>, p: ArrayLike<number>): ClassCounts {
  const counts = requireLabelledScores(y, p);
  for (let i = 0; i < p.length; i++) requireThat(p[i] >= 0 && p[i] <= 1, 'E_DOMAIN');
  return counts;
}

/** How many bins or groups: a whole number from 1 to 10,000. @throws E_DOMAIN */
export function requireGroups(groups: number): void {
  requireCounts(groups);
  requireThat(groups >= 1 && groups <= 10_000, 'E_DOMAIN');
}

/** What probabilities are clipped to before a logarithm of them is taken. @throws E_DOMAIN unless 0 < eps < 0.5 */
export function requireClip(eps: number): void {
  requireThat(eps > 0 && eps < 0.5 && 1 - eps < 1, 'E_DOMAIN');
}
