/**
 * Quantile of type 7 (Hyndman and Fan 1996), R's own: between the two values around 1 + (n − 1)p.
 * @param sorted  at least one value, smallest first
 * @param p  0..1
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const place = (sorted.length - 1) * p;
  const below = Math.min(sorted.length - 1, Math.floor(place));
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
