import { requireCounts, requireThat, requireUnit } from '../input-checks.js';
import { betaCdf, betaUpper } from './beta.js';
import { logGamma } from './gamma.js';

/** The binomial distribution of n trials with success probability p. */

/** P(X ≤ k). @throws E_DOMAIN k no number, n no count, p outside 0..1 */
export function binomialCdf(k: number, n: number, p: number): number {
  requireTrials(k, n, p);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return betaUpper(p, Math.floor(k) + 1, n - Math.floor(k));
}

/** P(X > k). @throws E_DOMAIN k no number, n no count, p outside 0..1 */
export function binomialUpper(k: number, n: number, p: number): number {
  requireTrials(k, n, p);
  if (k < 0) return 1;
  if (k >= n) return 0;
  return betaCdf(p, Math.floor(k) + 1, n - Math.floor(k));
}

/**
 * P(X = k), by the saddle-point expansion (Loader, Fast and Accurate Computation of Binomial Probabilities, 2000), which
 * keeps its digits where n is large.
 * @throws E_DOMAIN k no number, n no count, p outside 0..1
 */
export function binomialMass(k: number, n: number, p: number): number {
  requireTrials(k, n, p);
  if (k < 0 || k > n || !Number.isInteger(k)) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (p === 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const exponent = stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.sqrt(n / (2 * Math.PI * k * (n - k))) * Math.exp(exponent);
}

function requireTrials(k: number, n: number, p: number): void {
  requireThat(!Number.isNaN(k), 'E_DOMAIN');
  requireCounts(n);
  requireUnit(p);
}

/** ln n! less Stirling's approximation of it. */
function stirlingError(n: number): number {
  if (n <= 15) return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - Math.log(2 * Math.PI) / 2;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** x ln(x/m) + m − x, without its cancellation where x is near m. */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; ; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}
