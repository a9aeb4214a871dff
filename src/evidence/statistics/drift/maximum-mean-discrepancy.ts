import { requireThat } from '../input-checks.js';
import { boxesOf, gaussianKernelSum } from './gaussian-kernel-sum.js';

export interface MaximumMeanDiscrepancy {
  /** V-statistic: pairs of a value with itself count. */
  readonly mmd2Biased: number;
  /** U-statistic, which may be negative; null where a sample has one value only. */
  readonly mmd2Unbiased: number | null;
}

/**
 * Squared maximum mean discrepancy under the kernel exp(−(u−v)²/(2σ²)) (Gretton et al. 2012, equations 3 and 5),
 * in O(n + m) memory, and time for values that are not all far apart.
 * @param a, b       finite, ascending, not empty
 * @param bandwidth  σ, in the values' unit
 * @throws E_DOMAIN unless σ is finite and above 0
 */
export function maximumMeanDiscrepancy(a: Float64Array, b: Float64Array, bandwidth: number): MaximumMeanDiscrepancy {
  requireThat(bandwidth > 0 && Number.isFinite(bandwidth), 'E_DOMAIN');
  const [n, m] = [a.length, b.length];
  const [boxesA, boxesB] = [boxesOf(a, bandwidth), boxesOf(b, bandwidth)];
  const within = (boxes: typeof boxesA): number => gaussianKernelSum(boxes, boxes, bandwidth);
  const [aa, bb] = [within(boxesA), within(boxesB)];
  const across = gaussianKernelSum(boxesA, boxesB, bandwidth) / n / m;
  return {
    mmd2Biased: aa / n / n + bb / m / m - 2 * across,
    mmd2Unbiased: n < 2 || m < 2 ? null : (aa - n) / (n * (n - 1)) + (bb - m) / (m * (m - 1)) - 2 * across,
  };
}
