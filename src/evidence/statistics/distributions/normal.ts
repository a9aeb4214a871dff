import { requireOpenUnit, requireThat } from '../input-checks.js';
import { standardNormalQuantile } from './normal-quantile.js';
import { gammaUpper } from './gamma.js';

/** The standard normal distribution, either tail to full relative precision: its square, halved, is a gamma variable of shape ½. */

/** P(Z ≤ x). @throws E_DOMAIN x is no number */
export function normalCdf(x: number): number {
  return normalUpper(-x);
}

/** P(Z > x). @throws E_DOMAIN x is no number */
export function normalUpper(x: number): number {
  requireThat(!Number.isNaN(x), 'E_DOMAIN');
  const tail = gammaUpper((x * x) / 2, 0.5) / 2;
  return x < 0 ? 1 - tail : tail;
}

/** P(|Z| ≥ |x|), the two-sided p-value. @throws E_DOMAIN x is no number */
export function normalTwoSided(x: number): number {
  return Math.min(1, 2 * normalUpper(Math.abs(x)));
}

/** x with P(Z ≤ x) = p. @throws E_DOMAIN unless 0 < p < 1 */
export function normalQuantile(p: number): number {
  requireOpenUnit(p);
  return standardNormalQuantile(p);
}

/** Half-width of a two-sided interval at `conf`, in standard errors. @throws E_DOMAIN unless 0 < conf < 1 */
export function normalCritical(conf: number): number {
  requireOpenUnit(conf);
  return -normalQuantile((1 - conf) / 2);
}
