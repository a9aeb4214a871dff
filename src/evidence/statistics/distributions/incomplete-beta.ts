import { binomialDensity } from './saddle-point.js';

/** A count that a double holds exactly; with more degrees of freedom a distribution is its limit to the last digit. */
export const LARGEST_SHAPE = Number.MAX_SAFE_INTEGER;

/** Looked up once: they are asked for at each step of a loop. */
const { abs } = Math;
const { EPSILON, MIN_VALUE } = Number;
/** What a denominator of 0 is taken as. */
const SMALLEST = MIN_VALUE / EPSILON;

/**
 * Share of a beta variable of shapes `a` and `b` at or below x, the regularised incomplete beta function: its continued fraction
 * (DiDonato and Morris, ACM TOMS 18 (1992) 360, BFRAC, by the modified Lentz algorithm) scaled by Loader's form of xᵃyᵇ/B(a, b), so
 * that tails keep their digits down to the smallest double. Ours, since @stdlib/math-base-special-betainc 0.2.3 is wrong in the third
 * digit where it goes by way of the incomplete gamma function (P(F > 34.573) of 42.996 and 404,295 degrees of freedom, 3.879e-283).
 * @param x  0..1
 * @param y  1 − x, which the caller knows to more digits where x is near 1
 * @param a, b  above 0, at most LARGEST_SHAPE; near the mean it takes some √(a + b) steps
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x <= turn(a, b) ? lowerTail(x, y, a, b) : 1 - lowerTail(y, x, b, a);
}

/** Where the fraction begins to converge slowly, near the mean: beyond it the other tail is computed. */
const turn = (a: number, b: number): number => (a + 1) / (a + b + 2);

function lowerTail(x: number, y: number, a: number, b: number): number {
  return Math.min(1, (binomialDensity(a, b, x, y) * ((a / (a + b)) * b)) / fraction(x, y, a, b));
}

/** b₀ + a₁/(b₁ + a₂/(b₂ + …)), whose terms subtract nothing where the lower tail is small. */
function fraction(x: number, y: number, a: number, b: number): number {
  const away = (value: number): number => (abs(value) < SMALLEST ? SMALLEST : value);
  const lead = a * y - b * x + 1;
  let result = away((a * lead) / (a + 1));
  let c = result;
  let d = 0;
  for (let m = 1; ; m++) {
    const odd = a + 2 * m - 1;
    const numerator = ((m * (a + m - 1)) / odd) * ((a + b + m - 1) / odd) * (b - m) * x * x;
    const denominator = m + (m * (b - m) * x) / odd + ((a + m) * (lead + m * (1 + y))) / (odd + 2);
    d = 1 / away(denominator + numerator * d);
    c = away(denominator + numerator / c);
    const factor = c * d;
    result *= factor;
    if (!(abs(factor - 1) > 2 * EPSILON)) return result;
  }
}
