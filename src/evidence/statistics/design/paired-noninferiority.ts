import { normalQuantile } from '../distributions/normal.js';
import { requireOpenUnit, requireThat } from '../input-checks.js';
import { wholeAtLeast } from './whole-at-least.js';

/**
 * Pairs to show that a proportion is not worse than a comparator's on the same cases by a margin, one-sided at α, with Tango's
 * score test (Liu et al., Statistics in Medicine 21 (2002) 231; Nam, Biometrics 53 (1997) 1422):
 * n = ((z_{1−α} σ0 + z_{1−β} σ1) / (p10 − p01 + margin))², σ1² the variance of a pair's difference as it is expected,
 * σ0² the variance under a true difference of −margin, of the restricted likelihood. Asymptotic: small answers want a simulation.
 * @param p10, p01  shares of pairs in which the test alone, or the comparator alone, is right; both may be the same
 * @param margin    0 < margin < 1
 * @throws E_DOMAIN  also where what is expected is itself inferior by the margin
 */
export function pairedNoninferiorityPairs(params: { p10: number; p01: number; margin: number; alpha: number; beta: number }): {
  nPairs: number;
} {
  const { p10, p01, margin, alpha, beta } = params;
  for (const share of [margin, alpha, beta]) requireOpenUnit(share);
  const expected = p10 - p01;
  requireThat(p10 >= 0 && p01 >= 0 && p10 + p01 > 0 && p10 + p01 <= 1 && expected + margin > 0, 'E_DOMAIN');
  const spread = -normalQuantile(alpha) * restrictedError(p10, p01, -margin) - normalQuantile(beta) * Math.sqrt(p10 + p01 - expected ** 2);
  requireThat(spread > 0, 'E_DOMAIN');
  return { nPairs: wholeAtLeast((spread / (expected + margin)) ** 2) };
}

/** √ of Tango's variance of a pair's difference under a true one of `delta`, in the limit of many pairs. */
function restrictedError(p10: number, p01: number, delta: number): number {
  const linear = (2 - p10 + p01) * delta - p10 - p01;
  const constant = -p01 * delta * (1 - delta);
  const q = (Math.sqrt(Math.max(0, linear * linear - 8 * constant)) - linear) / 4;
  return Math.sqrt(Math.max(0, 2 * q + delta * (1 - delta)));
}
