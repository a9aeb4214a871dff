import type { Point } from './phantom-curve.js';

/** A band along a path: ribs, clavicles, vessels. Points in parts of the picture's width and height, from the top left. */
export interface Stroke {
  readonly path: readonly Point[];
  /** half the band's width at its start and end, in parts of the picture's width */
  readonly radius: readonly [start: number, end: number];
  /** greatest thickness at its start and end (units of attenuation) */
  readonly density: readonly [start: number, end: number];
}

/** How thick a band is at a distance from its middle: 0 the middle, 1 the edge. */
export type Profile = (distance: number) => number;

/** A cylinder. */
export const vesselProfile: Profile = (distance) => Math.sqrt(1 - distance * distance);

/** A tube: its walls, seen edge on, are denser than its middle; its edges are soft. */
export const boneProfile: Profile = (distance) => (distance < 0.7 ? 0.62 + 0.38 * distance * distance : (1 - distance) * 2.69);

/**
 * Draws strokes into a layer: where strokes of one layer meet, the denser one counts.
 * @param layer  attenuation, [rows × columns], row by row; changed in place
 */
export function drawStrokes(layer: Float32Array, columns: number, strokes: readonly Stroke[], profile: Profile): void {
  for (const { path, radius, density } of strokes)
    for (let i = 0; i + 1 < path.length; i++) {
      const along = (ends: readonly [number, number], at: number) => ends[0] + ((ends[1] - ends[0]) * at) / (path.length - 1);
      drawSegment(layer, columns, profile, {
        from: path[i],
        to: path[i + 1],
        radius: [along(radius, i), along(radius, i + 1)],
        density: [along(density, i), along(density, i + 1)],
      });
    }
}

interface Segment extends Omit<Stroke, 'path'> {
  readonly from: Point;
  readonly to: Point;
}

function drawSegment(layer: Float32Array, columns: number, profile: Profile, segment: Segment): void {
  const rows = layer.length / columns;
  const { from, to, radius, density } = segment;
  // Distances are measured in parts of the width: the picture is a square field, whatever its rows and columns.
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const squaredLength = across * across + down * down || 1;
  const reach = Math.max(...radius);
  const top = Math.max(0, Math.floor((Math.min(from[1], to[1]) - reach) * rows));
  const bottom = Math.min(rows - 1, Math.ceil((Math.max(from[1], to[1]) + reach) * rows));
  const left = Math.max(0, Math.floor((Math.min(from[0], to[0]) - reach) * columns));
  const right = Math.min(columns - 1, Math.ceil((Math.max(from[0], to[0]) + reach) * columns));
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      const u = (column + 0.5) / columns - from[0];
      const v = (row + 0.5) / rows - from[1];
      const t = Math.min(1, Math.max(0, (u * across + v * down) / squaredLength));
      const distance = Math.sqrt((u - across * t) ** 2 + (v - down * t) ** 2) / (radius[0] + (radius[1] - radius[0]) * t);
      if (distance >= 1) continue;
      const thickness = profile(distance) * (density[0] + (density[1] - density[0]) * t);
      const at = row * columns + column;
      if (thickness > layer[at]) layer[at] = thickness;
    }
}
