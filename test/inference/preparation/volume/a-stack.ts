import type { SlicePlane } from '../../../../src/inference/preparation/volume/slice-plane.js';
import { sliceGeometry } from '../../../../src/inference/preparation/volume/slice-geometry.js';
import type { VolumeGeometry } from '../../../../src/inference/preparation/volume/volume-geometry.js';
import { along, cross, type Vector } from '../../../../src/inference/preparation/volume/vector.js';

/** One axial plane of a CT. */
export function aPlane(change: Partial<SlicePlane> = {}): SlicePlane {
  return {
    instance: 0,
    frame: 1,
    rows: 7,
    columns: 8,
    imagePositionPatient: [0, 0, 0],
    imageOrientationPatient: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    pixelSpacing: [0.8, 0.7],
    sliceThickness: 3,
    spacingBetweenSlices: undefined,
    frameOfReferenceUID: '1.2.3',
    imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    gantryDetectorTilt: undefined,
    rescaleSlope: 1,
    rescaleIntercept: -1024,
    rescaleType: 'HU',
    pixelRepresentation: 0,
    ...change,
  };
}

/** Slices along the normal at these millimetres; `shift` adds mm along the row and down the column. */
export function aStack(
  positions: readonly number[],
  change: Partial<SlicePlane> = {},
  shift: (k: number) => readonly [number, number] = () => [0, 0],
): SlicePlane[] {
  const { imagePositionPatient: origin, imageOrientationPatient: orientation } = aPlane(change);
  const [row, column] = orientation as readonly [Vector, Vector];
  return positions.map((position, k) => {
    const [right, down] = shift(k);
    const moved = along(along(along(origin as Vector, cross(row, column), position), row, right), column, down);
    return aPlane({ ...change, instance: k, imagePositionPatient: moved });
  });
}

export const evenly = (count: number, spacing: number): number[] => Array.from({ length: count }, (_, k) => k * spacing);

export const BOUNDS = { least: 2, most: 1000 };

export function geometryOf(planes: readonly SlicePlane[]): VolumeGeometry {
  const verdict = sliceGeometry(planes, BOUNDS);
  if (!verdict.reads) throw new Error(verdict.why.text);
  return verdict.geometry;
}
