import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { requireThat } from '../input-checks.js';

/** ln Γ(x). @throws E_DOMAIN unless x > 0 and finite */
export function logGamma(x: number): number {
  requireThat(x > 0 && Number.isFinite(x), 'E_DOMAIN');
  return gammaln(x);
}

/** Share of a gamma variable of shape `a` and scale 1 that lies at or below x. @throws E_DOMAIN unless x ≥ 0, a > 0 */
export function gammaCdf(x: number, a: number): number {
  return x === Infinity ? 1 : regularised(x, a, false);
}

/** Share of a gamma variable of shape `a` and scale 1 that lies above x. @throws E_DOMAIN unless x ≥ 0, a > 0 */
export function gammaUpper(x: number, a: number): number {
  return x === Infinity ? 0 : regularised(x, a, true);
}

function regularised(x: number, a: number, upper: boolean): number {
  requireThat(x >= 0 && a > 0 && Number.isFinite(a), 'E_DOMAIN');
  return gammainc(x, a, true, upper);
}
