import { extremes } from './extremes.js';

/**
 * Clips to two percentiles of the values themselves, in place.
 * @param percentiles  0..100, the lower first
 */
export function clipToPercentiles(values: Float64Array, percentiles: readonly [number, number]): void {
  const [low, high] = percentilesOf(values, percentiles);
  for (let i = 0; i < values.length; i++) values[i] = values[i] < low ? low : values[i] > high ? high : values[i];
}

/**
 * Percentiles as numpy.percentile gives them (method `linear`): between the two ranks next to q / 100 × (n − 1).
 * @param values  at least one; left as they are
 * @param percentiles  0..100
 */
export function percentilesOf(values: Float64Array, percentiles: readonly number[]): number[] {
  const ranks = percentiles.map((q) => (q / 100) * (values.length - 1));
  const found = valuesOfRanks(
    values,
    ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]),
  );
  return ranks.map((rank, i) => {
    const [below, above] = found.slice(2 * i, 2 * i + 2);
    return below + (rank - Math.floor(rank)) * (above - below);
  });
}

const BUCKETS = 65_536;
const FEW = 4_096;
/** Values that lie close together in ever smaller parts of their range are sorted after so many divisions. */
const DEEPEST = 3;

/** The values at ranks (from 0) of the sorted values: all are counted in buckets, and only the ranks' own are looked into. */
function valuesOfRanks(values: Float64Array, ranks: readonly number[], depth = 0): number[] {
  const [low, high] = extremes(values);
  if (low === high) return ranks.map(() => low);
  const perUnit = BUCKETS / (high - low);
  if (values.length <= FEW || depth === DEEPEST || !(Number.isFinite(perUnit) && perUnit > 0)) {
    const sorted = values.slice().sort();
    return ranks.map((rank) => sorted[rank]);
  }
  const counts = new Uint32Array(BUCKETS + 1); // the greatest value alone may be in the last
  for (let i = 0; i < values.length; i++) counts[Math.floor((values[i] - low) * perUnit)]++;
  const placed = ranks.map((rank) => placeOf(counts, rank));
  const byBucket = Map.groupBy(placed, ({ bucket }) => bucket);
  const found = new Map<number, number>();
  for (const [bucket, places] of byBucket) {
    const inBucket = valuesOfRanks(
      bucketOf(values, low, perUnit, bucket, counts[bucket]),
      places.map(({ within }) => within),
      depth + 1,
    );
    places.forEach(({ rank }, i) => found.set(rank, inBucket[i]));
  }
  return ranks.map((rank) => found.get(rank) ?? NaN); // each was placed
}

/** In which bucket a rank lies, and the which of it. */
function placeOf(counts: Uint32Array, rank: number): { rank: number; bucket: number; within: number } {
  let bucket = 0;
  let within = rank;
  while (counts[bucket] <= within) within -= counts[bucket++];
  return { rank, bucket, within };
}

/** The values of one bucket. */
function bucketOf(values: Float64Array, low: number, perUnit: number, bucket: number, count: number): Float64Array {
  const within = new Float64Array(count);
  for (let i = 0, found = 0; i < values.length; i++) if (Math.floor((values[i] - low) * perUnit) === bucket) within[found++] = values[i];
  return within;
}
