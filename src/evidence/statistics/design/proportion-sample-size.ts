import { normalCritical, normalQuantile } from '../distributions/normal.js';
import { requireOpenUnit, requireThat } from '../input-checks.js';
import { wholeAtLeast } from './whole-at-least.js';

/**
 * Cases for an interval of a given half-width around a sensitivity (Buderer 1996): of the diseased n = z² p(1−p)/L², of
 * all n / prevalence. For a specificity give 1 − prevalence.
 * @param p           expected share, 0 < p < 1
 * @param halfWidth   L, 0 < L < 1
 * @param prevalence  share of the diseased among those recruited, 0 < prevalence ≤ 1
 * @throws E_DOMAIN
 */
export function proportionPrecision(params: { p: number; halfWidth: number; prevalence: number; conf: number }): {
  nDiseased: number;
  nTotal: number;
} {
  const { p, halfWidth, prevalence, conf } = params;
  for (const share of [p, halfWidth, conf]) requireOpenUnit(share);
  requireThat(prevalence > 0 && prevalence <= 1, 'E_DOMAIN');
  const z = normalCritical(conf);
  const nDiseased = wholeAtLeast((z * z * p * (1 - p)) / (halfWidth * halfWidth));
  return { nDiseased, nTotal: wholeAtLeast(nDiseased / prevalence) };
}

/**
 * Cases to show that a proportion is above a performance goal, one-sided at α:
 * n = ((z_{1−α} √(p0 q0) + z_{1−β} √(p1 q1)) / (p1 − p0))².
 * @param p0  the goal
 * @param p1  what is expected, above the goal
 * @throws E_DOMAIN
 */
export function proportionAgainstGoal({ p0, p1, alpha, beta }: { p0: number; p1: number; alpha: number; beta: number }): { n: number } {
  for (const share of [p0, p1, alpha, beta]) requireOpenUnit(share);
  requireThat(p1 > p0, 'E_DOMAIN');
  const spread = -normalQuantile(alpha) * Math.sqrt(p0 * (1 - p0)) - normalQuantile(beta) * Math.sqrt(p1 * (1 - p1));
  return { n: atLeastOne(spread, p1 - p0) };
}

/**
 * Pairs for McNemar's test, two-sided at α (Connor 1987): n = (z_{1−α/2} √pd + z_{1−β} √(pd − d²))² / d².
 * @param p10, p01  shares of both kinds of discordant pairs; pd their sum, d their difference
 * @throws E_DOMAIN
 */
export function mcnemarPairs({ p10, p01, alpha, beta }: { p10: number; p01: number; alpha: number; beta: number }): { nPairs: number } {
  requireOpenUnit(alpha);
  requireOpenUnit(beta);
  const pd = p10 + p01;
  const d = p10 - p01;
  requireThat(p10 >= 0 && p01 >= 0 && pd <= 1 && d !== 0, 'E_DOMAIN');
  const spread = -normalQuantile(alpha / 2) * Math.sqrt(pd) - normalQuantile(beta) * Math.sqrt(pd - d * d);
  return { nPairs: atLeastOne(spread, d) };
}

/** (spread / effect)², rounded up: none where the power that is asked for is below the test's own α. */
function atLeastOne(spread: number, effect: number): number {
  requireThat(spread > 0, 'E_DOMAIN');
  return wholeAtLeast((spread / effect) ** 2);
}
