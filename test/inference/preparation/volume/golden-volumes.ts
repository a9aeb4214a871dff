import { readFileSync } from 'node:fs';
import type { VolumeGeometry } from '../../../../src/inference/preparation/volume/volume-geometry.js';
import type { Vector } from '../../../../src/inference/preparation/volume/vector.js';
import { aStack, geometryOf } from './a-stack.js';

export type Triple = [number, number, number];

export interface GoldenSource {
  readonly size: Triple;
  readonly positions: number[];
  readonly offsets: [number, number][];
  readonly pixelSpacing: [number, number];
  readonly orientation: number[];
  readonly origin: Triple;
}

/** What test/golden/make-volumes.py wrote. */
export interface GoldenVolumes {
  readonly outside: number;
  readonly cases: readonly {
    readonly name: string;
    readonly kind: 'spacing' | 'grid' | 'size' | 'patient';
    readonly plane?: 'axial' | 'coronal' | 'sagittal';
    readonly source: GoldenSource;
    readonly grid: { readonly size: Triple; readonly spacing: Triple; readonly origin: Triple; readonly orientation: number[] };
    readonly values: number[];
  }[];
  readonly inputs: readonly {
    readonly name: string;
    readonly source: GoldenSource;
    readonly spacing: Triple | null;
    readonly size: Triple;
    readonly windows: [number, number][];
    readonly normalisation: 'none' | 'z_score' | 'min_max';
    readonly values: number[];
  }[];
  readonly clips: readonly { readonly channels: 1 | 3; readonly normalisation: 'none' | 'z_score'; readonly values: number[] }[];
}

export const golden = JSON.parse(
  readFileSync(new URL('../../../../../test/golden/volumes.json', import.meta.url), 'utf8'),
) as GoldenVolumes;

/** The volume of make-volumes.py. */
export function goldenValues([slices, rows, columns]: Triple): Float32Array {
  return Float32Array.from({ length: slices * rows * columns }, (_, at) => {
    const [k, j, i] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
    return ((k * 31 + j * 17 + i * 7 + k * j * i * 3) % 300) * 10 - 1000 + k * 0.25;
  });
}

export const orientationOf = (six: readonly number[]): [Vector, Vector] => [
  [six[0], six[1], six[2]],
  [six[3], six[4], six[5]],
];

export function goldenGeometry({ size, positions, offsets, pixelSpacing, orientation, origin }: GoldenSource): VolumeGeometry {
  const change = {
    rows: size[1],
    columns: size[2],
    pixelSpacing,
    imageOrientationPatient: orientationOf(orientation),
    imagePositionPatient: origin,
  };
  return geometryOf(aStack(positions, change, (k) => offsets[k]));
}

export interface Worst {
  error: number;
  where: string;
  values: number;
}

/** Relative to the expected value, from 1e-3 on: below it the error itself counts, in thousandths. */
export function compare(worst: Worst, name: string, actual: ArrayLike<number>, expected: readonly number[]): void {
  if (actual.length !== expected.length) throw new Error(`${name}: ${actual.length} values, expected ${expected.length}`);
  worst.values += expected.length;
  expected.forEach((value, at) => {
    const difference = Math.abs(actual[at] - value) / Math.max(Math.abs(value), 1e-3);
    const error = Number.isNaN(difference) ? Infinity : difference;
    if (error > worst.error) Object.assign(worst, { error, where: `${name}, value ${at}` });
  });
}
