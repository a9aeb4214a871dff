import { requireFinite, requireSome } from '../input-checks.js';
import type { Flag } from '../results.js';
import { type CdfDistances, cdfDistances } from './empirical-cdfs.js';
import { type MaximumMeanDiscrepancy, maximumMeanDiscrepancy } from './maximum-mean-discrepancy.js';
import { type PopulationStability, stabilityOfSorted } from './population-stability.js';

export type DistributionDrift = PopulationStability & CdfDistances & MaximumMeanDiscrepancy;

/**
 * How far a window's scores (or one feature) have moved from the reference's: PSI, Jensen-Shannon, chi-square,
 * Kolmogorov-Smirnov, Wasserstein-1 and maximum mean discrepancy, from one sort of each sample.
 * @param reference  finite, at least one
 * @param current    finite, at least one
 * @param bins       of the PSI: 2…10,000, by the reference's quantiles
 * @param bandwidth  σ of the Gaussian kernel, in the values' unit
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN
 */
export function distributionDrift(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  bins: number,
  bandwidth: number,
): DistributionDrift {
  requireSome(reference);
  requireSome(current);
  requireFinite(reference);
  requireFinite(current);
  const a = Float64Array.from(reference).sort();
  const b = Float64Array.from(current).sort();
  const stability = stabilityOfSorted(a, b, bins);
  const discrepancy = maximumMeanDiscrepancy(a, b, bandwidth);
  const flags: Flag[] = [...stability.flags];
  if (discrepancy.mmd2Unbiased === null) flags.push('TOO_FEW_FOR_VARIANCE');
  return { ...stability, ...cdfDistances(a, b), ...discrepancy, flags };
}
