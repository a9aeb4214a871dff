import { requireCounts, requireOpenUnit, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import type { Flag, Interval } from '../results.js';
import { waldWithinUnit } from '../wald-intervals.js';

export interface ClusteredProportion {
  readonly value: number;
  readonly variance: number | null;
  /** Wald, truncated to 0..1 */
  readonly ci: Interval | null;
  /** variance over that of as many independent trials; null where all or none succeeded */
  readonly designEffect: number | null;
  readonly flags: readonly Flag[];
}

/**
 * A proportion of trials that come in patients: the ratio estimator (Rao and Scott 1992).
 * @param successes  [patients]
 * @param trials  [patients], of which at least one is above 0
 * @returns interval null with TOO_FEW_FOR_VARIANCE where there is one patient, with ZERO_VARIANCE where patients do not differ
 * @throws E_EMPTY no patient or no trial; E_LENGTH_MISMATCH; E_DOMAIN a count, more successes than trials, conf
 */
export function clusteredProportion(successes: ArrayLike<number>, trials: ArrayLike<number>, conf = 0.95): ClusteredProportion {
  requireSome(trials);
  requireSameLength(trials, successes);
  let found = 0;
  let n = 0;
  for (let i = 0; i < trials.length; i++) {
    requireCounts(successes[i], trials[i]);
    requireThat(successes[i] <= trials[i], 'E_DOMAIN');
    found += successes[i];
    n += trials[i];
  }
  requireThat(n > 0, 'E_EMPTY');
  requireOpenUnit(conf);
  const value = found / n;
  const patients = trials.length;
  if (patients === 1) return { value, variance: null, ci: null, designEffect: null, flags: ['TOO_FEW_FOR_VARIANCE'] };
  let squares = 0;
  for (let i = 0; i < patients; i++) squares += (successes[i] - value * trials[i]) ** 2;
  const variance = (patients / (patients - 1)) * (squares / n / n);
  const independent = (value * (1 - value)) / n;
  return {
    value,
    variance,
    ci: variance > 0 ? waldWithinUnit(value, Math.sqrt(variance), conf) : null,
    designEffect: independent > 0 ? variance / independent : null,
    flags: variance > 0 ? [] : ['ZERO_VARIANCE'],
  };
}
