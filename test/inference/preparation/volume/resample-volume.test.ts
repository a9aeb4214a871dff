import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resampleVolume } from '../../../../src/inference/preparation/volume/resample-volume.js';
import type { VolumeGeometry } from '../../../../src/inference/preparation/volume/volume-geometry.js';
import { cross, type Vector } from '../../../../src/inference/preparation/volume/vector.js';
import {
  gridCropped,
  gridOfSize,
  gridOfSpacing,
  PATIENT_AXES,
  type VolumeGrid,
} from '../../../../src/inference/preparation/volume/volume-grid.js';
import { aStack, evenly, geometryOf } from './a-stack.js';
import { compare, golden, goldenGeometry, goldenValues, orientationOf, type Worst } from './golden-volumes.js';

type Case = (typeof golden.cases)[number];

function gridOf({ kind, grid, plane }: Case, geometry: VolumeGeometry): VolumeGrid {
  if (kind === 'spacing') return gridOfSpacing(geometry, grid.spacing);
  if (kind === 'patient') return gridOfSpacing(geometry, grid.spacing, PATIENT_AXES[plane ?? 'axial']);
  if (kind === 'size') return gridOfSize(geometry, grid.size);
  const [rowCosines, columnCosines] = orientationOf(grid.orientation);
  return { ...grid, rowCosines, columnCosines, normal: cross(rowCosines, columnCosines) };
}

const errorOf = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.max(Math.abs(expected), 1);

describe('Resampling a volume', () => {
  it('agrees with scipy and OpenCV to 1e-5 (make-volumes.py)', () => {
    const worst: Worst = { error: 0, where: '', values: 0 };
    for (const one of golden.cases) {
      const geometry = goldenGeometry(one.source);
      const grid = gridOf(one, geometry);
      expect([one.name, grid.size]).toEqual([one.name, one.grid.size]);
      compare(worst, one.name, resampleVolume({ values: goldenValues(one.source.size), geometry }, grid, golden.outside), one.values);
    }
    console.info(
      `resampleVolume: ${golden.cases.length} cases, ${worst.values} voxels, worst relative error ${worst.error.toExponential(2)} (${worst.where})`,
    );
    expect(golden.cases).toHaveLength(34);
    expect(worst.error).toBeLessThan(1e-5);
  });

  it('gives the same volume on its own grid', () => {
    const geometry = geometryOf(aStack(evenly(5, 2.5)));
    const values = goldenValues([5, 7, 8]);
    const same = resampleVolume({ values, geometry }, gridOfSpacing(geometry, [2.5, 0.8, 0.7]), -1000);
    same.forEach((value, at) => expect(errorOf(value, values[at])).toBeLessThan(1e-6));
  });

  it('gives back a field that is linear in the patient, whatever the orientation, the spacing, the tilt and the unevenness', () => {
    const turn = fc.double({ min: -3, max: 3, noNaN: true });
    const shift = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        turn,
        turn,
        shift,
        shift,
        fc.array(fc.double({ min: 1, max: 1.4, noNaN: true }), { minLength: 3, maxLength: 6 }),
        (a, b, right, down, steps) => {
          const row: Vector = [Math.cos(a), Math.sin(a), 0];
          const column: Vector = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)];
          const positions = steps.reduce<number[]>((all, step) => [...all, all[all.length - 1] + step], [0]);
          const planes = aStack(positions, { imageOrientationPatient: [row, column], sliceThickness: undefined }, (k) => [
            right * k,
            down * k,
          ]);
          const geometry = geometryOf(planes);
          const field = ([x, y, z]: Vector): number => 3 * x - 2 * y + 5 * z + 1;
          const values = Float32Array.from(
            geometry.slices.flatMap(({ imagePositionPatient: [x, y, z], pixelSpacing }) =>
              Array.from({ length: 56 }, (_, at) => {
                const [j, i] = [Math.floor(at / 8) * pixelSpacing[0], (at % 8) * pixelSpacing[1]];
                return field([x + row[0] * i + column[0] * j, y + row[1] * i + column[1] * j, z + row[2] * i + column[2] * j]);
              }),
            ),
          );
          const grid = gridOfSpacing(geometry, [0.9, 0.6, 0.5]);
          const resampled = resampleVolume({ values, geometry }, grid, NaN);
          let inside = 0;
          for (let at = 0; at < resampled.length; at++) {
            const [k, j, i] = [
              Math.floor(at / (grid.size[1] * grid.size[2])),
              Math.floor(at / grid.size[2]) % grid.size[1],
              at % grid.size[2],
            ];
            const point = [0, 1, 2].map(
              (c) =>
                grid.origin[c] +
                grid.normal[c] * k * grid.spacing[0] +
                grid.columnCosines[c] * j * grid.spacing[1] +
                grid.rowCosines[c] * i * grid.spacing[2],
            );
            const from = (axis: Vector) => axis.reduce((sum, value, c) => sum + value * (point[c] - geometry.origin[c]), 0);
            const height = from(geometry.normal);
            // Clear of the edges, where the outermost value is repeated.
            const clear =
              height > 0 &&
              height < positions[positions.length - 1] &&
              positions.every((position, slice) => {
                if (Math.abs(position - height) > 1.5) return true;
                const [x, y] = [from(geometry.rowCosines) - right * slice, from(geometry.columnCosines) - down * slice];
                return x > 0 && x < 7 * 0.7 && y > 0 && y < 6 * 0.8;
              });
            if (!clear) continue;
            inside++;
            expect(Math.abs(resampled[at] - field([point[0], point[1], point[2]]))).toBeLessThan(1e-4);
          }
          expect(inside).toBeGreaterThan(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('marks what lies outside of the volume, and repeats nothing into it', () => {
    const geometry = geometryOf(aStack(evenly(3, 2)));
    const values = new Float32Array(3 * 56).fill(7);
    const own = gridOfSpacing(geometry, [2, 0.8, 0.7]);
    const wide = gridCropped(own, [5, 9, 12]);
    const resampled = resampleVolume({ values, geometry }, wide, -1);
    expect(resampled.filter((value) => value === 7)).toHaveLength(3 * 56);
    expect(resampled.filter((value) => value === -1)).toHaveLength(5 * 9 * 12 - 3 * 56);
    expect(gridCropped(wide, own.size).origin.map((value) => Math.abs(value))).toEqual([
      expect.closeTo(0),
      expect.closeTo(0),
      expect.closeTo(0),
    ]);
  });

  it('stays within the values given', () => {
    const geometry = geometryOf(aStack([0, 2, 4.5, 6]));
    const values = goldenValues([4, 7, 8]);
    const count = fc.integer({ min: 1, max: 11 });
    fc.assert(
      fc.property(count, count, count, (slices, rows, columns) => {
        const resampled = resampleVolume({ values, geometry }, gridOfSize(geometry, [slices, rows, columns]), NaN);
        const [least, most] = [Math.min(...values), Math.max(...values)];
        expect(resampled.every((value) => value >= least - 1e-3 && value <= most + 1e-3)).toBe(true);
      }),
    );
  });
});
