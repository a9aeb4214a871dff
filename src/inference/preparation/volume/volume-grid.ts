import type { VolumePlacement } from './volume-geometry.js';
import { along, dot, type Vector } from './vector.js';

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

/** The three directions of a grid, orthogonal, of length 1. */
export type GridAxes = Pick<VolumeGrid, 'rowCosines' | 'columnCosines' | 'normal'>;

/**
 * The patient's own axes in the three usual planes (LPS): axial rows run to the left and columns to the back, slices to the
 * head; coronal rows to the left and columns to the feet, slices to the back; sagittal rows to the back and columns to the
 * feet, slices to the right.
 */
export const PATIENT_AXES: Readonly<Record<'axial' | 'coronal' | 'sagittal', GridAxes>> = {
  axial: { rowCosines: [1, 0, 0], columnCosines: [0, 1, 0], normal: [0, 0, 1] },
  coronal: { rowCosines: [1, 0, 0], columnCosines: [0, 0, -1], normal: [0, 1, 0] },
  sagittal: { rowCosines: [0, 1, 0], columnCosines: [0, 0, -1], normal: [-1, 0, 0] },
};

/**
 * A grid of a given spacing over a volume: as many voxels as fill its extent, rounded, at least 1, about the same centre.
 * @param spacing  mm between slices, rows, columns; above 0
 * @param axes  the volume's own unless others are given: then the grid fills the box along them that holds the volume
 */
export function gridOfSpacing(geometry: VolumePlacement, spacing: Axes, axes: GridAxes = geometry): VolumeGrid {
  const { first, lengths } = extentAlong(geometry, axes);
  const count = (axis: 0 | 1 | 2): number => Math.max(1, Math.round(lengths[axis] / spacing[axis]));
  return centred(geometry.origin, axes, { first, lengths }, [count(0), count(1), count(2)], spacing);
}

/** A grid of a given size stretched over a volume's whole extent: half-voxel centres, as OpenCV's INTER_LINEAR has them. */
export function gridOfSize(geometry: VolumePlacement, size: Axes, axes: GridAxes = geometry): VolumeGrid {
  const { first, lengths } = extentAlong(geometry, axes);
  const spacing = [lengths[0] / size[0], lengths[1] / size[1], lengths[2] / size[2]] as const;
  return centred(geometry.origin, axes, { first, lengths }, size, spacing);
}

/** As `grid`, of another size about the same centre: what is added lies outside, what is left out is left out at both ends. */
export function gridCropped(grid: VolumeGrid, size: Axes): VolumeGrid {
  const start = ([0, 1, 2] as const).map((axis) => Math.floor((grid.size[axis] - size[axis]) / 2) * grid.spacing[axis]);
  return { ...grid, size, origin: placed(grid, grid.origin, [start[0], start[1], start[2]]) };
}

/** mm along slices, rows, columns: where a volume begins, from the centre of its first pixel, and how long it is. */
interface Extent {
  readonly first: Axes;
  readonly lengths: Axes;
}

/** Of the box along these axes that holds the volume. */
function extentAlong(geometry: VolumePlacement, axes: GridAxes): Extent {
  const own = ownExtent(geometry);
  if (axes === geometry) return own;
  const ends = ([0, 1, 2] as const).map((axis) => [own.first[axis], own.first[axis] + own.lengths[axis]]);
  const corners = ends[0].flatMap((slice) =>
    ends[1].flatMap((row) => ends[2].map((column) => placed(geometry, [0, 0, 0], [slice, row, column]))),
  );
  const [slice, row, column] = [axes.normal, axes.columnCosines, axes.rowCosines].map((axis) => corners.map((corner) => dot(corner, axis)));
  const first = [Math.min(...slice), Math.min(...row), Math.min(...column)] as const;
  return { first, lengths: [Math.max(...slice) - first[0], Math.max(...row) - first[1], Math.max(...column) - first[2]] };
}

/** Along its own axes, from the outer edge of the first voxel to that of the last: half a spacing beyond the centres. */
function ownExtent({ positions, offsets, rows, columns, pixelSpacing, spacing }: VolumePlacement): Extent {
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

function centred(from: Vector, axes: GridAxes, { first, lengths }: Extent, size: Axes, spacing: Axes): VolumeGrid {
  const start = (axis: 0 | 1 | 2): number => first[axis] + (lengths[axis] - (size[axis] - 1) * spacing[axis]) / 2;
  const { rowCosines, columnCosines, normal } = axes;
  return { size, spacing, rowCosines, columnCosines, normal, origin: placed(axes, from, [start(0), start(1), start(2)]) };
}

function placed(axes: GridAxes, from: Vector, [slice, row, column]: Axes): Vector {
  return along(along(along(from, axes.normal, slice), axes.columnCosines, row), axes.rowCosines, column);
}
