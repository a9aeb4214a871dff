import { requireCounts, requireThat, requireUnit } from '../input-checks.js';
import { betaCdf, betaUpper } from './beta.js';
import { binomialDensity } from './saddle-point.js';

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
  return binomialDensity(k, n - k, p, 1 - p);
}

function requireTrials(k: number, n: number, p: number): void {
  requireThat(!Number.isNaN(k), 'E_DOMAIN');
  requireCounts(n);
  requireUnit(p);
}
