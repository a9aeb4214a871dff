import { requireNumber } from '../input-checks.js';

/** Two distances of the empirical distribution functions of two samples. */
export interface CdfDistances {
  /** Kolmogorov-Smirnov: the largest difference. */
  readonly ksD: number;
  /** Asymptotic p-value, effective size nm/(n+m), no small-sample correction. */
  readonly ksPAsymptotic: number;
  /** Wasserstein-1: the area between both. */
  readonly wasserstein1: number;
}

/** Both distances in one merge. @param a, b  finite, ascending, not empty @throws E_DOMAIN an area that no double holds */
export function cdfDistances(a: Float64Array, b: Float64Array): CdfDistances {
  const [n, m] = [a.length, b.length];
  let ksD = 0;
  let wasserstein1 = 0;
  let i = 0;
  let j = 0;
  let before = Math.min(a[0], b[0]);
  while (i < n || j < m) {
    const here = j === m || (i < n && a[i] <= b[j]) ? a[i] : b[j];
    const gap = Math.abs(i / n - j / m);
    if (gap > 0) wasserstein1 += gap * (here - before);
    while (i < n && a[i] === here) i++;
    while (j < m && b[j] === here) j++;
    ksD = Math.max(ksD, Math.abs(i / n - j / m));
    before = here;
  }
  requireNumber(wasserstein1);
  return { ksD, ksPAsymptotic: kolmogorovUpper(ksD * Math.sqrt((n / (n + m)) * m)), wasserstein1 };
}

/** Where the two series of Kolmogorov's distribution take over from each other; both have all digits there. */
const SERIES_MEET = 0.8;

/**
 * P(K > t) of Kolmogorov's limit distribution (Kolmogorov 1933; Smirnov 1948): 2 Σ (−1)^{k−1} exp(−2k²t²), and for small t,
 * where that series alternates without end, its theta transform 1 − √(2π)/t Σ exp(−(2k−1)²π²/(8t²)).
 */
export function kolmogorovUpper(t: number): number {
  if (t <= 0) return 1;
  let sum = 0;
  if (t < SERIES_MEET) {
    for (let k = 1; k <= 20; k++) sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * t * t));
    return 1 - (Math.sqrt(2 * Math.PI) / t) * sum;
  }
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
  return sum;
}
