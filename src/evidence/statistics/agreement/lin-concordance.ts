import { normalCritical } from '../distributions/normal.js';
import { requireNumber } from '../input-checks.js';
import { type Flag, type Interval, intervalOf } from '../results.js';

export interface LinConcordance {
  readonly pearson: number | null;
  /** 2 s_ab / (s_a² + s_b² + (ā − b̄)²), moments with divisor n; null where both are one constant. */
  readonly ccc: number | null;
  /** By Fisher's z, variance of Lin 1989 as corrected in 2000 (divisor n − 2). */
  readonly cccCi: Interval | null;
  readonly flags: readonly Flag[];
}

/**
 * Lin's concordance correlation coefficient (1989, corrected 2000) of columns that were checked already: same length,
 * finite, two pairs at least, 0 < conf < 1.
 * @throws E_DOMAIN squares that no double holds
 */
export function linConcordance(a: ArrayLike<number>, b: ArrayLike<number>, conf: number): LinConcordance {
  const n = a.length;
  const one = moments(a);
  const two = moments(b);
  let covariance = 0;
  for (let i = 0; i < n; i++) covariance += (a[i] - one.mean) * (b[i] - two.mean);
  covariance /= n;
  requireNumber(one.variance + two.variance);
  const shift = one.mean - two.mean;
  const total = one.variance + two.variance + shift * shift;
  if (total === 0) return { pearson: null, ccc: null, cccCi: null, flags: ['ZERO_VARIANCE', 'ZERO_DENOMINATOR'] };
  const ccc = (2 * covariance) / total;
  const product = Math.sqrt(one.variance) * Math.sqrt(two.variance);
  if (product === 0) return { pearson: null, ccc, cccCi: null, flags: ['ZERO_VARIANCE'] };
  const pearson = Math.min(1, Math.max(-1, covariance / product));
  if (n < 3) return { pearson, ccc, cccCi: null, flags: ['TOO_FEW_FOR_VARIANCE'] };
  if (1 - Math.abs(ccc) < 1e-14) return { pearson, ccc, cccCi: null, flags: ['ZERO_VARIANCE'] };
  const bias = (2 * product) / total; // C_b = ccc / pearson, without the quotient that a correlation of 0 would take away
  const square = (shift * shift) / product; // u²
  const variance =
    ((1 - pearson ** 2) * bias ** 2 * (1 - ccc ** 2) + 2 * ccc ** 2 * bias * (1 - ccc) * square - 0.5 * (ccc * bias * square) ** 2) /
    (n - 2);
  const half = (normalCritical(conf) * Math.sqrt(Math.max(0, variance))) / (1 - ccc ** 2);
  const z = Math.atanh(ccc);
  const cccCi = intervalOf(Math.tanh(z - half), Math.tanh(z + half));
  return { pearson, ccc, cccCi, flags: cccCi === null ? ['ZERO_VARIANCE'] : [] };
}

/** Mean and variance (divisor n) in two passes. */
function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] - values[0];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - values[0] - mean) ** 2;
  return { mean: values[0] + mean, variance: squares / n };
}
