import { requireThat, requireUnit } from '../input-checks.js';
import { incompleteBeta, LARGEST_SHAPE } from './incomplete-beta.js';
import { inverseBeta } from './inverse-beta.js';

/** The beta distribution of shapes `a` and `b`, either tail to full relative precision. */

function requireShapes(a: number, b: number): void {
  requireThat(a > 0 && b > 0 && a <= LARGEST_SHAPE && b <= LARGEST_SHAPE, 'E_DOMAIN');
}

/** P(X ≤ x). @throws E_DOMAIN unless 0 ≤ x ≤ 1, a > 0, b > 0 */
export function betaCdf(x: number, a: number, b: number): number {
  requireUnit(x);
  requireShapes(a, b);
  return incompleteBeta(x, 1 - x, a, b);
}

/** P(X > x). @throws E_DOMAIN unless 0 ≤ x ≤ 1, a > 0, b > 0 */
export function betaUpper(x: number, a: number, b: number): number {
  requireUnit(x);
  requireShapes(a, b);
  return incompleteBeta(1 - x, x, b, a);
}

/** x with P(X ≤ x) = p. @throws E_DOMAIN unless 0 ≤ p ≤ 1, a > 0, b > 0 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireUnit(p);
  requireShapes(a, b);
  return inverseBeta(p, 1 - p, a, b).x;
}

/** x with P(X > x) = p. @throws E_DOMAIN unless 0 ≤ p ≤ 1, a > 0, b > 0 */
export function betaQuantileUpper(p: number, a: number, b: number): number {
  requireUnit(p);
  requireShapes(a, b);
  return inverseBeta(1 - p, p, a, b).x;
}
