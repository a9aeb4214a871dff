import { normalCritical } from './distributions/normal.js';
import type { Interval } from './results.js';

/** Estimate ± z se, kept within 0..1. @throws E_DOMAIN unless 0 < conf < 1 */
export function waldWithinUnit(estimate: number, se: number, conf: number): Interval {
  const half = normalCritical(conf) * se;
  return [Math.max(0, estimate - half), Math.min(1, estimate + half)];
}

/** Wald on the logit scale, for an estimate that is neither 0 nor 1; `se` is of the logit. @throws E_DOMAIN unless 0 < conf < 1 */
export function logitInterval(estimate: number, se: number, conf: number): Interval {
  const half = normalCritical(conf) * se;
  const logit = Math.log(estimate) - Math.log1p(-estimate);
  return [1 / (1 + Math.exp(half - logit)), 1 / (1 + Math.exp(-half - logit))];
}
