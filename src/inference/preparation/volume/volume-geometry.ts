import type { SlicePlane } from './slice-plane.js';
import type { Vector } from './vector.js';

/** A plane of which everything that a volume needs is there. */
export interface PlacedSlice extends SlicePlane {
  readonly rows: number;
  readonly columns: number;
  readonly imagePositionPatient: Vector;
  readonly imageOrientationPatient: readonly [row: Vector, column: Vector];
  readonly pixelSpacing: readonly [row: number, column: number];
}

/** Where the slices of a volume lie in the patient: all that resampling needs. Plain data: it may be posted to another process. */
export interface VolumePlacement {
  readonly rows: number;
  readonly columns: number;
  /** Centre of the first pixel of the first slice, mm. */
  readonly origin: Vector;
  /** Directions of length 1: along a row, down a column, and their cross product, along which slices ascend. */
  readonly rowCosines: Vector;
  readonly columnCosines: Vector;
  readonly normal: Vector;
  /** mm between rows, then between columns. */
  readonly pixelSpacing: readonly [row: number, column: number];
  /** Of each slice, mm along the normal from the first. */
  readonly positions: Float64Array;
  /** Of each slice, mm by which its first pixel lies along the row (even places) and down the column (odd) from the first slice's. */
  readonly offsets: Float64Array;
  /** Median distance between neighbouring slices, mm. */
  readonly spacing: number;
  /** undefined where no slice names one. */
  readonly frameOfReferenceUID: string | undefined;
}

/** A volume's slices, and where they lie. */
export interface VolumeGeometry extends VolumePlacement {
  /** Ascending along the normal. */
  readonly slices: readonly PlacedSlice[];
}
