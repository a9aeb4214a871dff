import { requireFinite, requireSameLength, requireSome, requireThat } from '../input-checks.js';

/** How far two values are apart: not at all or fully, by ranks, by difference, or by difference over sum. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio';

export interface KrippendorffAlpha {
  readonly alpha: number;
  readonly observedDisagreement: number;
  readonly expectedDisagreement: number;
  /** Ratings in units that have two at least. */
  readonly pairableValues: number;
}

/**
 * Krippendorff's α, for any number of raters and with ratings missing (Krippendorff 2011).
 * @param ratings  [raters × units]; null or undefined is a missing rating; on the ratio level no value is negative
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE NaN or infinite, E_DOMAIN a negative ratio, squares that no double holds,
 *         E_TOO_FEW no unit with two ratings, E_DEGENERATE all pairable ratings equal
 */
export function krippendorffAlpha(ratings: ArrayLike<ArrayLike<number | null | undefined>>, level: MeasurementLevel): KrippendorffAlpha {
  requireSome(ratings);
  for (let r = 0; r < ratings.length; r++) requireSameLength(ratings[0], ratings[r]);
  requireSome(ratings[0]);
  const { values, ends } = pairable(ratings);
  requireFinite(values);
  if (level === 'ratio') requireThat(!values.some((value) => value < 0), 'E_DOMAIN');
  requireThat(values.length >= 2, 'E_TOO_FEW');
  const margin = marginOf(values);
  requireThat(margin.values.length > 1, 'E_DEGENERATE');
  const n = values.length;
  const scaled = level === 'ordinal' ? midranks(values, margin) : values;
  const distance = DISTANCE[level];
  let observed = 0;
  for (let u = 0, start = 0; u < ends.length; start = ends[u], u++) {
    let pairs = 0;
    for (let i = start; i < ends[u]; i++) for (let j = i + 1; j < ends[u]; j++) pairs += distance(scaled[i], scaled[j]);
    observed += (2 * pairs) / (ends[u] - start - 1);
  }
  const observedDisagreement = observed / n;
  const expectedDisagreement = expectedSum(level, scaled, margin) / (n * (n - 1));
  requireThat(expectedDisagreement > 0 && Number.isFinite(expectedDisagreement), 'E_DOMAIN');
  return { alpha: 1 - observedDisagreement / expectedDisagreement, observedDisagreement, expectedDisagreement, pairableValues: n };
}

/** The squared differences δ² of each level; ordinal ones are taken between midranks, of which they are the difference. */
const DISTANCE: Readonly<Record<MeasurementLevel, (a: number, b: number) => number>> = {
  nominal: (a, b) => (a === b ? 0 : 1),
  ordinal: (a, b) => (a - b) ** 2,
  interval: (a, b) => (a - b) ** 2,
  ratio: (a, b) => (a === b ? 0 : ((a - b) / (a + b)) ** 2),
};

/** Ratings of the units that have two at least, unit after unit, and where each unit ends. */
function pairable(ratings: ArrayLike<ArrayLike<number | null | undefined>>): { values: Float64Array; ends: number[] } {
  const values: number[] = [];
  const ends: number[] = [];
  for (let u = 0; u < ratings[0].length; u++) {
    const start = values.length;
    for (let r = 0; r < ratings.length; r++) {
      const rating = ratings[r][u];
      if (rating !== null && rating !== undefined) values.push(rating);
    }
    if (values.length - start >= 2) ends.push(values.length);
    else {
      requireFinite(values.slice(start)); // dropped, but a number that is none is said to be one
      values.length = start;
    }
  }
  return { values: Float64Array.from(values), ends };
}

/** Distinct values, ascending, and how often each is there. */
interface Margin {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

function marginOf(values: Float64Array): Margin {
  const sorted = values.slice().sort();
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && distinct[distinct.length - 1] === value) counts[counts.length - 1]++;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  return { values: distinct, counts };
}

/** Each value's midrank: Σ n_g from c to k less half of both ends is the difference of the two midranks. */
function midranks(values: Float64Array, { values: distinct, counts }: Margin): Float64Array {
  const rank = new Map<number, number>();
  let below = 0;
  for (let c = 0; c < distinct.length; c++) {
    rank.set(distinct[c], below + counts[c] / 2);
    below += counts[c];
  }
  return values.map((value) => rank.get(value)!);
}

/** Σ over all ordered pairs of different ratings of δ². */
function expectedSum(level: MeasurementLevel, scaled: Float64Array, { values, counts }: Margin): number {
  const n = scaled.length;
  if (level === 'nominal') return n * n - counts.reduce((total, count) => total + count * count, 0);
  if (level === 'ratio') return 2 * ratioSum(values, counts);
  // Σ_i Σ_j (x_i − x_j)² = 2 n Σ (x_i − x̄)²
  const origin = scaled[0];
  const mean = scaled.reduce((total, value) => total + (value - origin), 0) / n;
  return 2 * n * scaled.reduce((total, value) => total + (value - origin - mean) ** 2, 0);
}

function ratioSum(values: readonly number[], counts: readonly number[]): number {
  let total = 0;
  for (let c = 0; c < values.length; c++)
    for (let k = c + 1; k < values.length; k++) total += counts[c] * counts[k] * DISTANCE.ratio(values[c], values[k]);
  return total;
}
