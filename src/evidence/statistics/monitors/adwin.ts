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
 * population variance, its oldest element is dropped. Each value looks at every split: time grows with width × length.
 * @param delta  confidence, 0 < δ < 1
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN (also squares that no double holds)
 */
export function adwin(x: ArrayLike<number>, { delta }: { delta: number }): Adwin {
  requireSome(x);
  requireFinite(x);
  requireOpenUnit(delta);
  const origin = x[0]; // sums of differences from it keep the digits of what varies
  const sums = new Float64Array(x.length + 1);
  const squares = new Float64Array(x.length + 1);
  for (let i = 0; i < x.length; i++) {
    const value = x[i] - origin;
    sums[i + 1] = sums[i] + value;
    squares[i + 1] = squares[i] + value * value;
  }
  requireThat(squares[x.length] < Infinity, 'E_DOMAIN');
  const dropPoints: number[] = [];
  let oldest = 0;
  for (let i = 0; i < x.length; i++) {
    const before = oldest;
    while (splits(sums, squares, oldest, i + 1, delta)) oldest++;
    if (oldest > before) dropPoints.push(i);
  }
  const finalWidth = x.length - oldest;
  return { dropPoints, finalWidth, finalMean: origin + (sums[x.length] - sums[oldest]) / finalWidth };
}

/** Whether some split of the window's two parts differs more than chance allows. */
function splits(sums: Float64Array, squares: Float64Array, oldest: number, end: number, delta: number): boolean {
  const n = end - oldest;
  if (n < 2 * SHORTEST) return false;
  const total = sums[end] - sums[oldest];
  const variance = Math.max(0, (squares[end] - squares[oldest]) / n - (total / n) ** 2);
  const log = Math.log((2 * Math.log(n)) / delta);
  const spread = 2 * variance * log;
  const bias = (2 / 3) * log;
  for (let k = SHORTEST; k <= n - SHORTEST; k++) {
    const first = sums[oldest + k] - sums[oldest];
    const rest = 1 / k + 1 / (n - k); // 1/m
    if (Math.abs(first / k - (total - first) / (n - k)) > Math.sqrt(spread * rest) + bias * rest) return true;
  }
  return false;
}
