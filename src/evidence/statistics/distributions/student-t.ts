import { requireOpenUnit, requireThat } from '../input-checks.js';
import { incompleteBeta, LARGEST_SHAPE } from './incomplete-beta.js';
import { inverseBeta } from './inverse-beta.js';
import { normalQuantile, normalUpper } from './normal.js';

/** Student's t distribution with `df` degrees of freedom, whole or not; more than 2⁵³ of them make it the normal one. */

function requireDf(df: number): void {
  requireThat(df > 0, 'E_DOMAIN');
}

/** P(T > t). @throws E_DOMAIN t is no number, df ≤ 0 */
export function studentUpper(t: number, df: number): number {
  requireDf(df);
  if (df > LARGEST_SHAPE) return normalUpper(t);
  requireThat(!Number.isNaN(t), 'E_DOMAIN');
  if (t < 0) return 1 - studentUpper(-t, df);
  if (t * t === Infinity) return 0;
  const square = t * t;
  return incompleteBeta(df / (df + square), square / (df + square), df / 2, 0.5) / 2;
}

/** P(T ≤ t). @throws E_DOMAIN t is no number, df ≤ 0 */
export function studentCdf(t: number, df: number): number {
  return studentUpper(-t, df);
}

/** P(|T| ≥ |t|), the two-sided p-value. @throws E_DOMAIN t is no number, df ≤ 0 */
export function studentTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentUpper(Math.abs(t), df));
}

/** t with P(T ≤ t) = p. @throws E_DOMAIN unless 0 < p < 1, df > 0 */
export function studentQuantile(p: number, df: number): number {
  requireOpenUnit(p);
  requireDf(df);
  if (df > LARGEST_SHAPE) return normalQuantile(p);
  if (p === 0.5) return 0;
  const outside = 2 * Math.min(p, 1 - p);
  const { x, y } = inverseBeta(outside, 1 - outside, df / 2, 0.5); // df/(df+t²) and t²/(df+t²)
  return (p < 0.5 ? -1 : 1) * Math.sqrt((df * y) / x);
}

/** Half-width of a two-sided interval at `conf`, in standard errors. @throws E_DOMAIN unless 0 < conf < 1, df > 0 */
export function studentCritical(conf: number, df: number): number {
  requireOpenUnit(conf);
  return -studentQuantile((1 - conf) / 2, df);
}
