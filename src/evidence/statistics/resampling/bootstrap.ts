import { normalCdf, normalQuantile, normalTwoSided } from '../distributions/normal.js';
import { requireThat } from '../input-checks.js';
import { quantile } from '../quantile.js';
import type { Flag, Interval } from '../results.js';
import { jackknifeValues } from './jackknife.js';
import { estimateOf, replicateValues } from './replicates.js';
import { planResampling, type ResamplingInput, type ResamplingPlan } from './resampling-plan.js';

export interface Bootstrap {
  readonly estimate: number;
  readonly replicatesUsed: number;
  readonly undefinedReplicates: number;
  readonly mean: number;
  /** standard deviation of the replicates */
  readonly se: number;
  /** quantiles of type 7 */
  readonly percentile: Interval;
  readonly basic: Interval;
  /** bias-corrected and accelerated; null where the bias or the acceleration cannot be computed */
  readonly bca: { readonly z0: number; readonly acceleration: number; readonly ci: Interval } | null;
  /** of a difference: estimate / se against the normal distribution, two-sided, as pROC's `roc.test(method = "bootstrap")` */
  readonly test: { readonly z: number; readonly p: number } | null;
  /** the first five replicates; null where one is undefined */
  readonly first5: readonly (number | null)[];
  readonly flags: readonly Flag[];
}

/** Replicates that differ from the estimate by no more than rounding are equal to it. */
const EQUAL = 1e-12;
const MOST_UNDEFINED = 0.05;

/**
 * Seeded bootstrap of a statistic on one thread (Efron and Tibshirani 1993); the answer is the same to the last bit however the
 * replicates are split (`planResampling`, `replicateValues`, `summariseReplicates`).
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS, E_UNSTABLE_BOOTSTRAP
 */
export function bootstrap(input: ResamplingInput): Bootstrap {
  const plan = planResampling(input);
  return summariseReplicates(plan, replicateValues(plan, 0, plan.replicates));
}

/**
 * @param values  [replicates], in their order, NaN where undefined
 * @throws E_UNSTABLE_BOOTSTRAP more than 5 % are undefined
 */
export function summariseReplicates(plan: ResamplingPlan, values: Float64Array): Bootstrap {
  const used = values.filter((value) => !Number.isNaN(value));
  const undefinedReplicates = values.length - used.length;
  requireThat(undefinedReplicates <= MOST_UNDEFINED * values.length && used.length > 1, 'E_UNSTABLE_BOOTSTRAP');
  const estimate = estimateOf(plan);
  const mean = used.reduce((sum, value) => sum + value, 0) / used.length;
  const se = Math.sqrt(used.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (used.length - 1));
  const first5 = Array.from(values.subarray(0, 5), (value) => (Number.isNaN(value) ? null : value));
  const sorted = used.slice().sort();
  const tail = (1 - plan.conf) / 2;
  const lower = quantile(sorted, tail);
  const upper = quantile(sorted, 1 - tail);
  const varies = sorted[0] !== sorted[sorted.length - 1];
  return {
    estimate,
    replicatesUsed: used.length,
    undefinedReplicates,
    mean,
    se: varies ? se : 0,
    percentile: [lower, upper],
    basic: [2 * estimate - upper, 2 * estimate - lower],
    bca: varies ? biasCorrected(plan, estimate, sorted, tail) : null,
    test: plan.statistic === 'auc_difference' && varies ? { z: estimate / se, p: normalTwoSided(estimate / se) } : null,
    first5,
    flags: varies ? [] : ['ZERO_VARIANCE'],
  };
}

function biasCorrected(plan: ResamplingPlan, estimate: number, sorted: Float64Array, tail: number): Bootstrap['bca'] {
  let below = 0;
  for (const value of sorted) below += value < estimate - EQUAL ? 1 : value <= estimate + EQUAL ? 0.5 : 0;
  const share = below / sorted.length;
  const acceleration = accelerationOf(jackknifeValues(plan));
  if (share <= 0 || share >= 1 || acceleration === null) return null;
  const z0 = normalQuantile(share);
  const limit = (p: number): number => {
    const shifted = z0 + normalQuantile(p);
    const stretch = 1 - acceleration * shifted;
    return stretch > 0 ? quantile(sorted, normalCdf(z0 + shifted / stretch)) : Number.NaN;
  };
  const ci: Interval = [limit(tail), limit(1 - tail)];
  return Number.isNaN(ci[0]) || Number.isNaN(ci[1]) ? null : { z0, acceleration, ci };
}

/** From the statistic without each unit, stratum by stratum; null where one of them is undefined or none differs. */
function accelerationOf(strata: readonly Float64Array[]): number | null {
  let squares = 0;
  let cubes = 0;
  for (const values of strata) {
    const units = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / units;
    for (const value of values) {
      const influence = ((units - 1) * (mean - value)) / units;
      squares += influence * influence;
      cubes += influence * influence * influence;
    }
  }
  const acceleration = cubes / (6 * squares ** 1.5);
  return squares > 0 && Number.isFinite(acceleration) ? acceleration : null;
}
