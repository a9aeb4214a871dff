import type { VolumePlacement } from './volume-geometry.js';
import { along, type Vector } from './vector.js';

/**
 * A regular grid of voxels in the patient. Voxel [k, j, i] (slice, row, column, from 0) has its centre at
 * `origin + i · spacing[2] · rowCosines + j · spacing[1] · columnCosines + k · spacing[0] · normal`, which is PS3.3
 * C.7.6.2.1.1 with the slice as third axis.
 */
export interface VolumeGrid {
  readonly size: readonly [slices: number, rows: number, columns: number];
  /** mm between slices, rows, columns. */
  readonly spacing: readonly [slice: number, row: number, column: number];
  /** Centre of voxel [0, 0, 0], mm. */
  readonly origin: Vector;
  readonly rowCosines: Vector;
  readonly columnCosines: Vector;
  readonly normal: Vector;
}

type Axes = readonly [slice: number, row: number, column: number];

/**
 * A grid of a given spacing over a volume: as many voxels as fill its extent, rounded, at least 1, about the same centre.
 * @param spacing  mm between slices, rows, columns; above 0
 */
export function gridOfSpacing(geometry: VolumePlacement, spacing: Axes): VolumeGrid {
  const { lengths } = extentOf(geometry);
  const count = (axis: 0 | 1 | 2): number => Math.max(1, Math.round(lengths[axis] / spacing[axis]));
  return centred(geometry, [count(0), count(1), count(2)], spacing);
}

/** A grid of a given size stretched over a volume's whole extent: half-voxel centres, as OpenCV's INTER_LINEAR has them. */
export function gridOfSize(geometry: VolumePlacement, size: Axes): VolumeGrid {
  const { lengths } = extentOf(geometry);
  return centred(geometry, size, [lengths[0] / size[0], lengths[1] / size[1], lengths[2] / size[2]]);
}

/** As `grid`, of another size about the same centre: what is added lies outside, what is left out is left out at both ends. */
export function gridCropped(grid: VolumeGrid, size: Axes): VolumeGrid {
  const start = ([0, 1, 2] as const).map((axis) => Math.floor((grid.size[axis] - size[axis]) / 2) * grid.spacing[axis]);
  return { ...grid, size, origin: placed(grid, grid.origin, [start[0], start[1], start[2]]) };
}

/** From the outer edge of the first voxel to that of the last: half a spacing beyond the centres. mm */
function extentOf({ positions, offsets, rows, columns, pixelSpacing, spacing }: VolumePlacement): { first: Axes; lengths: Axes } {
  let [leastRow, mostRow, leastColumn, mostColumn] = [0, 0, 0, 0];
  for (let k = 0; k < positions.length; k++) {
    leastRow = Math.min(leastRow, offsets[2 * k]);
    mostRow = Math.max(mostRow, offsets[2 * k]);
    leastColumn = Math.min(leastColumn, offsets[2 * k + 1]);
    mostColumn = Math.max(mostColumn, offsets[2 * k + 1]);
  }
  return {
    first: [-spacing / 2, leastColumn - pixelSpacing[0] / 2, leastRow - pixelSpacing[1] / 2],
    lengths: [
      positions[positions.length - 1] + spacing,
      mostColumn - leastColumn + rows * pixelSpacing[0],
      mostRow - leastRow + columns * pixelSpacing[1],
    ],
  };
}

function centred(geometry: VolumePlacement, size: Axes, spacing: Axes): VolumeGrid {
  const { first, lengths } = extentOf(geometry);
  const start = (axis: 0 | 1 | 2): number => first[axis] + (lengths[axis] - (size[axis] - 1) * spacing[axis]) / 2;
  const { rowCosines, columnCosines, normal } = geometry;
  return { size, spacing, rowCosines, columnCosines, normal, origin: placed(geometry, geometry.origin, [start(0), start(1), start(2)]) };
}

function placed(axes: Pick<VolumeGrid, 'rowCosines' | 'columnCosines' | 'normal'>, from: Vector, [slice, row, column]: Axes): Vector {
  return along(along(along(from, axes.normal, slice), axes.columnCosines, row), axes.rowCosines, column);
}
