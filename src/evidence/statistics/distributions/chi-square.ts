import { gammaCdf, gammaUpper } from './gamma.js';

/** The chi-square distribution with `df` degrees of freedom. */

/** P(X > x). @throws E_DOMAIN unless x ≥ 0, df > 0 */
export function chiSquareUpper(x: number, df: number): number {
  return gammaUpper(x / 2, df / 2);
}

/** P(X ≤ x). @throws E_DOMAIN unless x ≥ 0, df > 0 */
export function chiSquareCdf(x: number, df: number): number {
  return gammaCdf(x / 2, df / 2);
}
