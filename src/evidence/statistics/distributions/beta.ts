import betainc from '@stdlib/math-base-special-betainc';
import betaincinv from '@stdlib/math-base-special-betaincinv';
import { requireThat, requireUnit } from '../input-checks.js';

/** The beta distribution: the regularised incomplete beta function (Boost's algorithms) and its inverse, either tail. */

function requireShapes(a: number, b: number): void {
  requireThat(a > 0 && b > 0 && Number.isFinite(a) && Number.isFinite(b), 'E_DOMAIN');
}

/** P(X ≤ x). @throws E_DOMAIN unless 0 ≤ x ≤ 1, a > 0, b > 0 */
export function betaCdf(x: number, a: number, b: number): number {
  requireUnit(x);
  requireShapes(a, b);
  return betainc(x, a, b);
}

/** P(X > x). @throws E_DOMAIN unless 0 ≤ x ≤ 1, a > 0, b > 0 */
export function betaUpper(x: number, a: number, b: number): number {
  requireUnit(x);
  requireShapes(a, b);
  return betainc(x, a, b, true, true);
}

/** x with P(X ≤ x) = p. @throws E_DOMAIN unless 0 ≤ p ≤ 1, a > 0, b > 0 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireUnit(p);
  requireShapes(a, b);
  return betaincinv(p, a, b);
}

/** x with P(X > x) = p. @throws E_DOMAIN unless 0 ≤ p ≤ 1, a > 0, b > 0 */
export function betaQuantileUpper(p: number, a: number, b: number): number {
  requireUnit(p);
  requireShapes(a, b);
  return betaincinv(p, a, b, true);
}
