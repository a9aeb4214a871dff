import { requireOpenUnit, requireThat } from '../input-checks.js';
import { betaQuantile, betaQuantileUpper } from './beta.js';
import { chiSquareUpper } from './chi-square.js';
import { incompleteBeta } from './incomplete-beta.js';
import { logGamma } from './log-gamma.js';

/** The F distribution with df1 and df2 degrees of freedom, central and noncentral. */

/** P(X > x). Infinitely many df2: chi-square over df1. @throws E_DOMAIN unless x ≥ 0, df1 > 0 and finite, df2 > 0 */
export function fUpper(x: number, df1: number, df2: number): number {
  requireThat(x >= 0 && df1 > 0 && df1 < Infinity && df2 > 0, 'E_DOMAIN');
  if (df1 * x === Infinity) return 0;
  if (df2 === Infinity) return chiSquareUpper(x * df1, df1);
  const scaled = df1 * x;
  return incompleteBeta(df2 / (df2 + scaled), scaled / (df2 + scaled), df2 / 2, df1 / 2);
}

/** x with P(X ≤ x) = p. @throws E_DOMAIN unless 0 < p < 1, df1 > 0, df2 > 0, both finite */
export function fQuantile(p: number, df1: number, df2: number): number {
  requireOpenUnit(p);
  const y = betaQuantile(p, df1 / 2, df2 / 2);
  const rest = betaQuantileUpper(p, df2 / 2, df1 / 2); // 1 - y without its cancellation
  return (df2 * y) / (df1 * rest);
}

/** x with P(X > x) = p. @throws E_DOMAIN unless 0 < p < 1, df1 > 0, df2 > 0, both finite */
export function fQuantileUpper(p: number, df1: number, df2: number): number {
  requireOpenUnit(p);
  return 1 / fQuantile(p, df2, df1);
}

/** A Poisson weight below which the rest of the series changes no digit. */
const NEGLIGIBLE = 1e-18;

/**
 * P(X > x) of the noncentral F distribution: the Poisson mixture of central beta tails (Johnson, Kotz and Balakrishnan,
 * Continuous Univariate Distributions 2, 1995, chapter 30), summed outwards from the heaviest weight.
 * @param noncentrality  λ ≥ 0; 0 is the central distribution
 * @throws E_DOMAIN unless x ≥ 0, df1 > 0, df2 > 0, 0 ≤ λ, all finite
 */
export function fNoncentralUpper(x: number, df1: number, df2: number, noncentrality: number): number {
  requireThat(x >= 0 && df1 > 0 && df2 > 0 && noncentrality >= 0, 'E_DOMAIN');
  requireThat([x, df1, df2, noncentrality].every(Number.isFinite), 'E_DOMAIN');
  if (noncentrality === 0) return fUpper(x, df1, df2);
  const mean = noncentrality / 2;
  const scaled = df1 * x;
  const x1 = scaled / (df2 + scaled);
  const x2 = df2 / (df2 + scaled);
  const heaviest = Math.floor(mean);
  const weightOf = (j: number): number => Math.exp(j * Math.log(mean) - mean - logGamma(j + 1));
  const tail = (j: number): number => incompleteBeta(x2, x1, df2 / 2, df1 / 2 + j);
  let sum = 0;
  for (let j = heaviest, weight = weightOf(j); weight > NEGLIGIBLE; j++, weight *= mean / j) sum += weight * tail(j);
  for (let j = heaviest - 1, weight = weightOf(j + 1) * ((j + 1) / mean); j >= 0 && weight > NEGLIGIBLE; weight *= j / mean, j--)
    sum += weight * tail(j);
  return Math.min(1, sum);
}
