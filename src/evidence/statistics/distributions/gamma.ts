import { requireThat } from '../input-checks.js';
import { LARGEST_SHAPE } from './incomplete-beta.js';
import { poissonMass } from './saddle-point.js';

/** Looked up once: they are asked for at each step of a loop. */
const { abs } = Math;
const { EPSILON, MIN_VALUE } = Number;
/** What a denominator of 0 is taken as. */
const SMALLEST = MIN_VALUE / EPSILON;

/**
 * The gamma distribution of shape `a` and scale 1, either tail to full relative precision: the series below the shape, the
 * continued fraction above it (DLMF 8.11.4 and 8.9.2), both scaled by Loader's form of xᵃe⁻ˣ/Γ(a + 1). Ours, since
 * @stdlib/math-base-special-gammainc 0.3.1 is wrong in the third digit at P(X > 2515) of 963 degrees of freedom.
 */

/** P(X ≤ x). @throws E_DOMAIN unless x ≥ 0, a > 0 and finite */
export function gammaCdf(x: number, a: number): number {
  requireShape(x, a);
  if (x === 0) return 0;
  if (x === Infinity) return 1;
  return belowShape(x, a) ? lowerSeries(x, a) : 1 - upperFraction(x, a);
}

/** P(X > x). @throws E_DOMAIN unless x ≥ 0, a > 0 and finite */
export function gammaUpper(x: number, a: number): number {
  requireShape(x, a);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  return belowShape(x, a) ? 1 - lowerSeries(x, a) : upperFraction(x, a);
}

function requireShape(x: number, a: number): void {
  requireThat(x >= 0 && a > 0 && a <= LARGEST_SHAPE, 'E_DOMAIN');
}

/** Where the lower tail is not the larger one by far, and the fraction would converge slowly. */
const belowShape = (x: number, a: number): boolean => x < Math.max(1, a);

/** xᵃe⁻ˣ/Γ(a+1) × Σ xᵏ/((a+1)…(a+k)). */
function lowerSeries(x: number, a: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return Math.min(1, poissonMass(a, x) * sum);
}

/** The continued fraction of the upper tail by the modified Lentz algorithm (Numerical Recipes 3, section 6.2). */
function upperFraction(x: number, a: number): number {
  let b = x + 1 - a;
  let c = 1 / SMALLEST;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; ; i++) {
    const numerator = i * (a - i);
    b += 2;
    d = numerator * d + b;
    if (abs(d) < SMALLEST) d = SMALLEST;
    c = b + numerator / c;
    if (abs(c) < SMALLEST) c = SMALLEST;
    d = 1 / d;
    const factor = d * c;
    fraction *= factor;
    if (!(abs(factor - 1) > 2 * EPSILON)) break;
  }
  return Math.min(1, poissonMass(a, x) * a * fraction);
}
