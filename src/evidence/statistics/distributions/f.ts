import { requireOpenUnit, requireThat } from '../input-checks.js';
import { chiSquareUpper } from './chi-square.js';
import { incompleteBeta, LARGEST_SHAPE } from './incomplete-beta.js';
import { inverseBeta } from './inverse-beta.js';
import { poissonMass } from './saddle-point.js';

/** The F distribution with df1 and df2 degrees of freedom, central and noncentral. */

/** P(X > x). More than 2⁵³ of df2: chi-square over df1. @throws E_DOMAIN unless x ≥ 0, df1 > 0 and finite, df2 > 0 */
export function fUpper(x: number, df1: number, df2: number): number {
  requireThat(x >= 0 && df1 > 0 && df1 <= LARGEST_SHAPE && df2 > 0, 'E_DOMAIN');
  if (df1 * x === Infinity) return 0;
  if (df2 > LARGEST_SHAPE) return chiSquareUpper(x * df1, df1);
  const scaled = df1 * x;
  return incompleteBeta(df2 / (df2 + scaled), scaled / (df2 + scaled), df2 / 2, df1 / 2);
}

/** x with P(X ≤ x) = p. @throws E_DOMAIN unless 0 < p < 1, df1 > 0, df2 > 0, both finite */
export function fQuantile(p: number, df1: number, df2: number): number {
  requireOpenUnit(p);
  return quantileOf(p, 1 - p, df1, df2);
}

/** x with P(X > x) = p. @throws E_DOMAIN unless 0 < p < 1, df1 > 0, df2 > 0, both finite */
export function fQuantileUpper(p: number, df1: number, df2: number): number {
  requireOpenUnit(p);
  return quantileOf(1 - p, p, df1, df2);
}

function quantileOf(p: number, q: number, df1: number, df2: number): number {
  requireThat(df1 > 0 && df2 > 0 && df1 <= LARGEST_SHAPE && df2 <= LARGEST_SHAPE, 'E_DOMAIN');
  const { x, y } = inverseBeta(p, q, df1 / 2, df2 / 2); // df1 F/(df2 + df1 F), and the rest
  return (df2 * x) / (df1 * y);
}

/** The series has some ten times its root as terms. */
const LARGEST_NONCENTRALITY = 1e8;
/** A Poisson weight below which the rest of the series changes no digit. */
const NEGLIGIBLE = 1e-18;

/**
 * P(X > x) of the noncentral F distribution: the Poisson mixture of central beta tails (Johnson, Kotz and Balakrishnan,
 * Continuous Univariate Distributions 2, 1995, chapter 30), summed outwards from the heaviest weight.
 * @param noncentrality  λ ≥ 0; 0 is the central distribution
 * @throws E_DOMAIN unless x ≥ 0, df1 > 0, df2 > 0, 0 ≤ λ ≤ 10⁸, all finite
 */
export function fNoncentralUpper(x: number, df1: number, df2: number, noncentrality: number): number {
  requireThat(x >= 0 && x < Infinity && df1 > 0 && df2 > 0, 'E_DOMAIN');
  requireThat(df1 <= LARGEST_SHAPE && df2 <= LARGEST_SHAPE && noncentrality >= 0 && noncentrality <= LARGEST_NONCENTRALITY, 'E_DOMAIN');
  if (noncentrality === 0) return fUpper(x, df1, df2);
  const mean = noncentrality / 2;
  const scaled = df1 * x;
  const x1 = scaled / (df2 + scaled);
  const x2 = df2 / (df2 + scaled);
  const heaviest = Math.floor(mean);
  const weightOf = (j: number): number => (j === 0 ? Math.exp(-mean) : poissonMass(j, mean));
  const tail = (j: number): number => incompleteBeta(x2, x1, df2 / 2, df1 / 2 + j);
  let sum = 0;
  for (let j = heaviest, weight = weightOf(j); weight > NEGLIGIBLE; j++, weight *= mean / j) sum += weight * tail(j);
  for (let j = heaviest - 1, weight = weightOf(j + 1) * ((j + 1) / mean); j >= 0 && weight > NEGLIGIBLE; weight *= j / mean, j--)
    sum += weight * tail(j);
  return Math.min(1, sum);
}
