import gammaln from '@stdlib/math-base-special-gammaln';
import { requireThat } from '../input-checks.js';

/** ln Γ(x). @throws E_DOMAIN unless x > 0 and finite */
export function logGamma(x: number): number {
  requireThat(x > 0 && Number.isFinite(x), 'E_DOMAIN');
  return gammaln(x);
}
