import { bisectRight } from 'd3-array';

/** Cases with a value in [from, to), the last bar closed. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly n: number;
}

/** Values by bars of equal width; the edges printed are those that decide. */
export function barsOf(values: ArrayLike<number>, [lowest, highest]: readonly [number, number], count: number): Bar[] {
  const edges = Array.from({ length: count + 1 }, (_, i) => (i === count ? highest : lowest + ((highest - lowest) * i) / count));
  const inner = edges.slice(1, -1);
  const n = new Uint32Array(count);
  for (let i = 0; i < values.length; i++) n[bisectRight(inner, values[i])]++;
  return Array.from(n, (cases, i) => ({ from: edges[i], to: edges[i + 1], n: cases }));
}
