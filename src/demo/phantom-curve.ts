export type Point = readonly [x: number, y: number];

/** y over x. */
export type Curve = (x: number) => number;

/** A smooth curve (cubic Hermite) through points of rising x; beyond the ends their y goes on. */
export function curveThrough(points: readonly Point[]): Curve {
  const last = points.length - 1;
  const slopes = points.map((_, i) => {
    const [before, after] = [points[Math.max(0, i - 1)], points[Math.min(last, i + 1)]];
    return (after[1] - before[1]) / (after[0] - before[0]);
  });
  return (x) => {
    if (x <= points[0][0]) return points[0][1];
    if (x >= points[last][0]) return points[last][1];
    const i = points.findIndex(([end]) => end > x) - 1;
    const [[x0, y0], [x1, y1]] = [points[i], points[i + 1]];
    const t = (x - x0) / (x1 - x0);
    const [m0, m1] = [slopes[i] * (x1 - x0), slopes[i + 1] * (x1 - x0)];
    const bend = t * (1 - t) * (m0 * (1 - t) - m1 * t);
    return y0 + (y1 - y0) * t * t * (3 - 2 * t) + bend;
  };
}

/** 0 below `low`, 1 above `high`, an S between them. */
export function rise(value: number, low: number, high: number): number {
  const t = (value - low) / (high - low);
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}
