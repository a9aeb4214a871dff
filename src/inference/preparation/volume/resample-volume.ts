import type { VolumePlacement } from './volume-geometry.js';
import { difference, dot, type Vector } from './vector.js';
import type { VolumeGrid } from './volume-grid.js';

/** A volume's values and where they lie. */
export interface SampledVolume {
  /** [slices, rows, columns], slices ascending along the normal. */
  readonly values: Float32Array;
  readonly geometry: VolumePlacement;
}

/** Indices this near to the edge of a voxel are on it: positions are written in decimals. */
const ON_EDGE = 1e-6;

/**
 * Trilinear resampling of a volume onto a grid, both in patient coordinates (mm, PS3.3 C.7.6.2.1.1) of one frame of
 * reference. Between slices it goes by their true positions, and in each slice by where that slice's own first pixel lies:
 * uneven spacing, gantry tilt and shifts are mended by it. No smoothing before shrinking.
 *
 * A voxel covers half a spacing to every side of its centre; out to there the outermost value holds (as
 * scipy.ndimage `mode='nearest'`), beyond it, or where one of the two slices has no pixel, `outside` does.
 * @returns  [slices, rows, columns] of the grid; a new array
 */
export function resampleVolume({ values, geometry }: SampledVolume, grid: VolumeGrid, outside: number): Float32Array {
  const { positions, offsets, rows, columns, pixelSpacing, spacing } = geometry;
  const last = positions.length - 1;
  const end = positions[last];
  const steps = stepsBetween(geometry, grid);
  const resampled = new Float32Array(grid.size[0] * grid.size[1] * grid.size[2]).fill(outside);
  const pixel = pixelReader(values, rows, columns);
  let below = 0;
  for (let k = 0, at = 0; k < grid.size[0]; k++)
    for (let j = 0; j < grid.size[1]; j++)
      for (let i = 0; i < grid.size[2]; i++, at++) {
        const height = steps.normal(k, j, i);
        if (height < -spacing * (0.5 + ON_EDGE) || height > end + spacing * (0.5 + ON_EDGE)) continue;
        const place = Math.min(Math.max(height, 0), end);
        while (below > 0 && positions[below] > place) below--;
        while (below < last - 1 && positions[below + 1] <= place) below++;
        const share = (place - positions[below]) / (positions[below + 1] - positions[below]);
        const right = steps.row(k, j, i);
        const down = steps.column(k, j, i);
        const lower =
          share === 1 ? 0 : pixel(below, (down - offsets[2 * below + 1]) / pixelSpacing[0], (right - offsets[2 * below]) / pixelSpacing[1]);
        const upper =
          share === 0
            ? 0
            : pixel(below + 1, (down - offsets[2 * below + 3]) / pixelSpacing[0], (right - offsets[2 * below + 2]) / pixelSpacing[1]);
        const value = share === 1 ? upper : share === 0 ? lower : lower + share * (upper - lower);
        if (!Number.isNaN(value)) resampled[at] = value;
      }
  return resampled;
}

type Along = (k: number, j: number, i: number) => number;

/** Where a grid's voxel lies from the volume's first pixel: mm along each of the volume's axes. */
function stepsBetween(geometry: VolumePlacement, grid: VolumeGrid): { normal: Along; column: Along; row: Along } {
  const from = difference(grid.origin, geometry.origin);
  const towards = (axis: Vector): Along => {
    const start = dot(from, axis);
    const slice = dot(grid.normal, axis) * grid.spacing[0];
    const row = dot(grid.columnCosines, axis) * grid.spacing[1];
    const column = dot(grid.rowCosines, axis) * grid.spacing[2];
    return (k, j, i) => start + k * slice + j * row + i * column;
  };
  return { normal: towards(geometry.normal), column: towards(geometry.columnCosines), row: towards(geometry.rowCosines) };
}

/** Bilinear within a slice; NaN outside of its pixels. */
function pixelReader(values: Float32Array, rows: number, columns: number): (slice: number, row: number, column: number) => number {
  return (slice, row, column) => {
    if (row < -0.5 - ON_EDGE || row > rows - 0.5 + ON_EDGE || column < -0.5 - ON_EDGE || column > columns - 0.5 + ON_EDGE) return NaN;
    const y = Math.min(Math.max(row, 0), rows - 1);
    const x = Math.min(Math.max(column, 0), columns - 1);
    const top = Math.min(Math.floor(y), Math.max(0, rows - 2));
    const left = Math.min(Math.floor(x), Math.max(0, columns - 2));
    const here = (slice * rows + top) * columns + left;
    const right = columns > 1 ? 1 : 0;
    const down = rows > 1 ? columns : 0;
    const upper = values[here] + (x - left) * (values[here + right] - values[here]);
    const lower = values[here + down] + (x - left) * (values[here + down + right] - values[here + down]);
    return upper + (y - top) * (lower - upper);
  };
}
