/** Points of a path in px, x never going back. */
export interface Path {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Half a pixel less what rounding to hundredths takes, shared by the two steps. */
const COLUMN = 0.25;
const STRAY = 0.2;

/**
 * A path with fewer points that looks the same: no point of the one is farther than half a pixel from the other, either way.
 * First columns: of the points of a quarter of a pixel the first, the last, the highest and the lowest say all that can be
 * seen, so that what is left is bounded by the drawing's width and not by the number of cases. Then Douglas and Peucker (1973):
 * points near the chord of their neighbours go.
 */
export function thinned(path: Path): { readonly x: number[]; readonly y: number[] } {
  const kept = withinChords(path, byColumns(path));
  return { x: kept.map((place) => path.x[place]), y: kept.map((place) => path.y[place]) };
}

function byColumns({ x, y }: Path): number[] {
  const kept: number[] = [];
  for (let first = 0, end = 0; first < x.length; first = end) {
    let [low, high] = [first, first];
    for (end = first; end < x.length && x[end] - x[first] <= COLUMN; end++) {
      if (y[end] < y[low]) low = end;
      if (y[end] > y[high]) high = end;
    }
    const places = [first, Math.min(low, high), Math.max(low, high), end - 1];
    kept.push(...places.filter((place, i) => i === 0 || place !== places[i - 1]));
  }
  return kept;
}

function withinChords({ x, y }: Path, places: readonly number[]): number[] {
  const keep = new Uint8Array(places.length);
  keep[0] = 1;
  keep[places.length - 1] = 1;
  const open: [from: number, to: number][] = [[0, places.length - 1]];
  for (let chord = open.pop(); chord !== undefined; chord = open.pop()) {
    const [from, to] = chord;
    let farthest = STRAY * STRAY;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const distance = squaredDistance({ x, y }, places[i], places[from], places[to]);
      if (distance > farthest) [farthest, at] = [distance, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    open.push([from, at], [at, to]);
  }
  return places.filter((_, i) => keep[i] === 1);
}

/** Of a point from the segment between two others, not from the line through them. */
function squaredDistance({ x, y }: Path, point: number, from: number, to: number): number {
  const [dx, dy] = [x[to] - x[from], y[to] - y[from]];
  const [px, py] = [x[point] - x[from], y[point] - y[from]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
  return (px - along * dx) ** 2 + (py - along * dy) ** 2;
}
