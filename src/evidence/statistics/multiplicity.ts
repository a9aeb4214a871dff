import { requireSome, requireThat, requireUnit } from './input-checks.js';

/** Holm 1979, Hochberg 1988, Bonferroni, Benjamini and Hochberg 1995. */
export type Adjustment = 'holm' | 'hochberg' | 'bonferroni' | 'BH';

/**
 * P-values adjusted for their number, as R's `p.adjust` has them.
 * @param p  each within 0..1, or null for a test that could not be made
 * @param tests  how many tests the family has, at least as many as there are p-values; they are, by default
 * @returns in the order of `p`; null stays null
 * @throws E_EMPTY; E_DOMAIN a value outside 0..1, a method that there is not, fewer tests than values
 */
export function adjustPValues(
  p: readonly (number | null)[],
  method: Adjustment,
  tests?: number,
): { readonly adjusted: readonly (number | null)[] } {
  requireSome(p);
  const known = p.flatMap((value, i) => (value === null ? [] : [{ i, value }]));
  for (const { value } of known) requireUnit(value);
  const m = tests ?? known.length;
  requireThat(Number.isSafeInteger(m) && m >= known.length, 'E_DOMAIN');
  const weigh = WEIGHTS[method];
  requireThat(Object.hasOwn(WEIGHTS, method), 'E_DOMAIN');
  const rising = known.sort((a, b) => a.value - b.value);
  const adjusted: (number | null)[] = p.map(() => null);
  if (method === 'holm') {
    let least = 0;
    for (const [k, { i, value }] of rising.entries()) adjusted[i] = least = Math.max(least, Math.min(1, weigh(m, k + 1) * value));
  } else {
    let most = 1;
    for (const [k, { i, value }] of [...rising.entries()].reverse()) {
      const own = Math.min(1, weigh(m, k + 1) * value);
      adjusted[i] = method === 'bonferroni' ? own : (most = Math.min(most, own));
    }
  }
  return { adjusted };
}

/** What the k-th smallest of m p-values is multiplied with. */
const WEIGHTS: Readonly<Record<Adjustment, (m: number, k: number) => number>> = {
  holm: (m, k) => m - k + 1,
  hochberg: (m, k) => m - k + 1,
  bonferroni: (m) => m,
  BH: (m, k) => m / k,
};
