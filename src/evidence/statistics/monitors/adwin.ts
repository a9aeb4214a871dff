import { requireFinite, requireOpenUnit, requireSome, requireThat } from '../input-checks.js';

export interface Adwin {
  /** 0-based places of the values after which the window lost its oldest elements. */
  readonly dropPoints: readonly number[];
  readonly finalWidth: number;
  readonly finalMean: number;
}

/** Fewest values on either side of a split. */
const SHORTEST = 5;

/**
 * Adaptive window (Bifet and Gavaldà 2007), exact, without their buckets: after each value, while some split of the window
 * has two means further apart than √(2/m v ln(2 ln n/δ)) + 2/(3m) ln(2 ln n/δ), 1/m = 1/n₀ + 1/n₁ and v the window's
 * population variance, its oldest element is dropped. Splits are passed over in blocks where a bound says that none of the
 * block can be one, so that a value costs about the root of the series' length.
 * @param delta  confidence, 0 < δ < 1
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN (also squares that no double holds)
 */
export function adwin(x: ArrayLike<number>, { delta }: { delta: number }): Adwin {
  requireSome(x);
  requireFinite(x);
  requireOpenUnit(delta);
  const series = summed(x);
  requireThat(series.squares[x.length] < Infinity, 'E_DOMAIN');
  const dropPoints: number[] = [];
  let oldest = 0;
  for (let i = 0; i < x.length; i++) {
    const before = oldest;
    while (splits(series, oldest, i + 1, delta)) oldest++;
    if (oldest > before) dropPoints.push(i);
  }
  const finalWidth = x.length - oldest;
  return { dropPoints, finalWidth, finalMean: x[0] + (series.sums[x.length] - series.sums[oldest]) / finalWidth };
}

/** Sums over the values before each place, and how far they stray from a straight line within each block of places. */
interface Series {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  readonly size: number;
  /** Slope of a block's line, from its first place on, and the farthest that a sum is above and below it. */
  readonly slopes: Float64Array;
  readonly above: Float64Array;
  readonly below: Float64Array;
}

function summed(x: ArrayLike<number>): Series {
  const n = x.length;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const value = x[i] - x[0]; // differences from one value keep the digits of what varies
    sums[i + 1] = sums[i] + value;
    squares[i + 1] = squares[i] + value * value;
  }
  const size = Math.max(32, 2 ** Math.ceil(Math.log2(n) / 2));
  const blocks = Math.floor((n + 1) / size);
  const [slopes, above, below] = [new Float64Array(blocks), new Float64Array(blocks), new Float64Array(blocks)];
  for (let b = 0; b < blocks; b++) {
    const first = b * size;
    slopes[b] = (sums[first + size - 1] - sums[first]) / (size - 1);
    for (let j = 1; j < size; j++) {
      const off = sums[first + j] - sums[first] - j * slopes[b];
      above[b] = Math.max(above[b], off);
      below[b] = Math.min(below[b], off);
    }
  }
  return { sums, squares, size, slopes, above, below };
}

/** Whether some split of the window's two parts differs more than chance allows. */
function splits(series: Series, oldest: number, end: number, delta: number): boolean {
  const { sums, squares, size } = series;
  const n = end - oldest;
  if (n < 2 * SHORTEST) return false;
  const total = sums[end] - sums[oldest];
  const variance = Math.max(0, (squares[end] - squares[oldest]) / n - (total / n) ** 2);
  const log = Math.log((2 * Math.log(n)) / delta);
  const window = { oldest, n, mean: total / n, spread: 2 * variance * log, bias: (2 / 3) * log };
  const last = end - SHORTEST;
  for (let j = oldest + SHORTEST; j <= last; j++) {
    if (j % size === 0 && j + size - 1 <= last && noneIn(series, j / size, window)) {
      j += size - 1;
      continue;
    }
    const k = j - oldest;
    const first = sums[j] - sums[oldest];
    const rest = 1 / k + 1 / (n - k); // 1/m
    if (Math.abs(first / k - (total - first) / (n - k)) > Math.sqrt(window.spread * rest) + window.bias * rest) return true;
  }
  return false;
}

interface Window {
  readonly oldest: number;
  readonly n: number;
  readonly mean: number;
  readonly spread: number;
  readonly bias: number;
}

/**
 * That no split in a block differs enough: times m, the condition is |S_k − k x̄| > √(2 v ln(…) m) + ⅔ ln(…), of which the left
 * is at most what the block's line and its strays reach, and the right least at one of its ends, m being concave in k.
 */
function noneIn({ sums, size, slopes, above, below }: Series, block: number, { oldest, n, mean, spread, bias }: Window): boolean {
  const first = block * size - oldest;
  const last = first + size - 1;
  const start = sums[block * size] - sums[oldest] - first * mean;
  const tilt = (size - 1) * (slopes[block] - mean);
  const reach = Math.max(start + above[block] + Math.max(0, tilt), -(start + below[block] + Math.min(0, tilt)));
  const least = Math.min(first * (n - first), last * (n - last)) / n;
  return reach < (1 - 1e-9) * (Math.sqrt(spread * least) + bias); // room for rounding: what is near is looked at one by one
}
