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
 * @param values  at least one
 * @param percentiles  0..100
 */
export function percentilesOf(values: Float64Array, percentiles: readonly number[]): number[] {
  const ordered = values.slice();
  return percentiles.map((q) => {
    const rank = (q / 100) * (ordered.length - 1);
    const below = Math.floor(rank);
    const lower = select(ordered, below);
    if (below === rank) return lower;
    return lower + (rank - below) * (least(ordered, below + 1) - lower);
  });
}

/** Puts the value of a rank (from 0) in its place, nothing greater before and nothing less behind it: Hoare's selection. */
function select(values: Float64Array, rank: number): number {
  let first = 0;
  let last = values.length - 1;
  while (first < last) {
    const pivot = median(values[first], values[(first + last) >> 1], values[last]);
    let i = first;
    let j = last;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if (rank <= j) last = j;
    else if (rank >= i) first = i;
    else break; // between the two parts all values are the pivot
  }
  return values[rank];
}

const median = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

function least(values: Float64Array, from: number): number {
  let lowest = values[from];
  for (let i = from + 1; i < values.length; i++) if (values[i] < lowest) lowest = values[i];
  return lowest;
}
