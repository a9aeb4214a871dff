import { chiSquareUpper } from '../distributions/chi-square.js';
import { requireCounts, requireFinite, requireSome, requireThat } from '../input-checks.js';
import type { Flag } from '../results.js';

/** What an empty bin's proportion counts as, so that its logarithm exists. */
const FLOOR = 1e-4;

export interface PopulationStability {
  /** Σ (c − r) ln(c / r) over proportions floored at 1e-4, not renormalised. */
  readonly psi: number;
  /** Inner edges, ascending; bin k is (edge k−1, edge k], the first and the last are open. */
  readonly psiEdges: readonly number[];
  readonly psiReference: readonly number[];
  readonly psiCurrent: readonly number[];
  /** Jensen-Shannon divergence, natural logarithm, of the floored proportions after renormalising. */
  readonly jsDivergence: number;
  /** Pearson's chi-square on the same bins, without those that are empty in both; null p where one bin is left. */
  readonly chi2: number;
  readonly chi2Df: number;
  readonly chi2P: number | null;
  readonly flags: readonly Flag[];
}

/**
 * Drift between two samples by bins of the reference's quantiles: population stability index, Jensen-Shannon divergence,
 * chi-square. Columns already sorted ascending are taken by `stabilityOfSorted`.
 * @param bins  how many, 2…10,000; edges are type-7 quantiles of the reference at 1/bins … (bins−1)/bins, duplicates removed
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN
 */
export function populationStability(reference: ArrayLike<number>, current: ArrayLike<number>, bins: number): PopulationStability {
  requireSome(reference);
  requireSome(current);
  requireFinite(reference);
  requireFinite(current);
  return stabilityOfSorted(Float64Array.from(reference).sort(), Float64Array.from(current).sort(), bins);
}

/** As `populationStability`, of finite columns in ascending order. @throws E_DOMAIN */
export function stabilityOfSorted(reference: Float64Array, current: Float64Array, bins: number): PopulationStability {
  requireCounts(bins);
  requireThat(bins >= 2 && bins <= 10_000, 'E_DOMAIN');
  const edges: number[] = [];
  for (let k = 1; k < bins; k++) {
    const edge = quantileOfSorted(reference, k / bins);
    if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
  }
  const ofReference = binCounts(reference, edges);
  const ofCurrent = binCounts(current, edges);
  const psiReference = ofReference.map((count) => count / reference.length);
  const psiCurrent = ofCurrent.map((count) => count / current.length);
  const r = psiReference.map((share) => Math.max(share, FLOOR));
  const c = psiCurrent.map((share) => Math.max(share, FLOOR));
  const chiSquare = twoRowChiSquare(ofReference, ofCurrent);
  return {
    psi: r.reduce((sum, share, k) => sum + (c[k] - share) * Math.log(c[k] / share), 0),
    psiEdges: edges,
    psiReference,
    psiCurrent,
    jsDivergence: jensenShannon(r, c),
    ...chiSquare,
    flags: chiSquare.chi2P === null ? ['ZERO_DENOMINATOR'] : [],
  };
}

/** Type-7 quantile (Hyndman and Fan 1996) of a column in ascending order. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const place = (sorted.length - 1) * p;
  const below = Math.floor(place + 4 * Number.EPSILON * place); // a place that is whole but for rounding is whole
  const above = Math.min(below + 1, sorted.length - 1);
  const share = Math.max(0, place - below);
  if (share < 4 * Number.EPSILON * place || sorted[below] === sorted[above]) return sorted[below];
  return (1 - share) * sorted[below] + share * sorted[above];
}

/** How many values of an ascending column lie in each left-open bin. */
function binCounts(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts: number[] = [];
  let start = 0;
  for (const edge of [...edges, Infinity]) {
    const end = firstAbove(sorted, edge, start);
    counts.push(end - start);
    start = end;
  }
  return counts;
}

/** Index of the first value above `limit`, from `from` on, by bisection. */
function firstAbove(sorted: Float64Array, limit: number, from: number): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function jensenShannon(reference: readonly number[], current: readonly number[]): number {
  const total = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0);
  const [ofReference, ofCurrent] = [total(reference), total(current)];
  return reference.reduce((sum, share, k) => {
    const r = share / ofReference;
    const c = current[k] / ofCurrent;
    const middle = (r + c) / 2;
    return sum + (r * Math.log(r / middle) + c * Math.log(c / middle)) / 2;
  }, 0);
}

/** Pearson's chi-square of a 2 × B table, columns that are empty dropped, no correction. */
function twoRowChiSquare(first: readonly number[], second: readonly number[]): { chi2: number; chi2Df: number; chi2P: number | null } {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const [n1, n2] = [total(first), total(second)];
  let chi2 = 0;
  let columns = 0;
  for (let k = 0; k < first.length; k++) {
    const column = first[k] + second[k];
    if (column === 0) continue;
    columns++;
    const [e1, e2] = [(column * n1) / (n1 + n2), (column * n2) / (n1 + n2)];
    chi2 += (first[k] - e1) ** 2 / e1 + (second[k] - e2) ** 2 / e2;
  }
  return { chi2, chi2Df: columns - 1, chi2P: columns > 1 ? chiSquareUpper(chi2, columns - 1) : null };
}
