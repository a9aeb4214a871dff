import { findRoot } from '../root-finding.js';
import { incompleteBeta } from './incomplete-beta.js';

/** A place between 0 and 1 with its distance from 1, each with digits of its own: near 1 the place alone has none of the distance. */
export interface BetaPlace {
  readonly x: number;
  /** 1 − x */
  readonly y: number;
}

/** Below e to this there is no double. */
const LEAST_LOGARITHM = -745.2;

/**
 * Where a beta variable of shapes `a` and `b` has `p` of its mass below and `q` above, by a bracketed root of the tail on the scale of
 * both logarithms, on which tails are nearly straight. Ours, since @stdlib/math-base-special-betaincinv 0.2.4 has three digits of an
 * interval's width where n is 10¹⁵, and takes a third of a second for some.
 * @param p, q  0 to 1, together 1; the smaller one is met
 */
export function inverseBeta(p: number, q: number, a: number, b: number): BetaPlace {
  if (p <= 0) return { x: 0, y: 1 };
  if (q <= 0) return { x: 1, y: 0 };
  const mean = a / (a + b);
  if (p <= incompleteBeta(mean, b / (a + b), a, b)) {
    const logarithm = logarithmOf(p, a, b);
    return { x: Math.exp(logarithm), y: -Math.expm1(logarithm) };
  }
  const logarithm = logarithmOf(q, b, a);
  return { x: -Math.expm1(logarithm), y: Math.exp(logarithm) };
}

/** ln x with P(X ≤ x) = p, at or below the mean. */
function logarithmOf(p: number, a: number, b: number): number {
  const target = Math.log(p);
  const off = (logarithm: number): number => Math.log(incompleteBeta(Math.exp(logarithm), -Math.expm1(logarithm), a, b)) - target;
  const high = Math.log(a / (a + b));
  let low = high;
  for (let step = 1 / (a + 1); off(low) > 0; step *= 2) {
    if (low < LEAST_LOGARITHM) return low;
    low -= step;
  }
  return low === high ? high : findRoot(off, low, high);
}
