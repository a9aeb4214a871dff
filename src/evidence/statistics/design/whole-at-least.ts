import { requireThat } from '../input-checks.js';

/**
 * The smallest whole number that is not below `x`, where a few units of rounding are no case more (0.07 is no double, and
 * 7 / 0.07 must be 100).
 * @throws E_DOMAIN  more than a double counts exactly
 */
export function wholeAtLeast(x: number): number {
  requireThat(x >= 0 && x <= Number.MAX_SAFE_INTEGER, 'E_DOMAIN');
  return Math.ceil(x * (1 - 8 * Number.EPSILON));
}
