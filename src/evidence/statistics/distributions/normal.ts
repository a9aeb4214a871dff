import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';
import { requireOpenUnit, requireThat } from '../input-checks.js';

/** The standard normal distribution, by the complementary error function and its inverse: exact to the last digits in both tails. */

/** P(Z ≤ x). @throws E_DOMAIN x is no number */
export function normalCdf(x: number): number {
  requireThat(!Number.isNaN(x), 'E_DOMAIN');
  return erfc(-x / Math.SQRT2) / 2;
}

/** P(Z > x). @throws E_DOMAIN x is no number */
export function normalUpper(x: number): number {
  return normalCdf(-x);
}

/** P(|Z| ≥ |x|), the two-sided p-value. @throws E_DOMAIN x is no number */
export function normalTwoSided(x: number): number {
  return Math.min(1, 2 * normalUpper(Math.abs(x)));
}

/** x with P(Z ≤ x) = p. @throws E_DOMAIN unless 0 < p < 1 */
export function normalQuantile(p: number): number {
  requireOpenUnit(p);
  return -Math.SQRT2 * erfcinv(2 * p) + 0; // + 0: the median is 0, not -0
}

/** Half-width of a two-sided interval at `conf`, in standard errors. @throws E_DOMAIN unless 0 < conf < 1 */
export function normalCritical(conf: number): number {
  requireOpenUnit(conf);
  return -normalQuantile((1 - conf) / 2);
}
