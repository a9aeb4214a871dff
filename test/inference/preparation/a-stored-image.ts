import type { StoredImage } from '../../../src/inference/preparation/stored-image.js';

/** A grey frame of 6 × 7 with a lively pattern; references in these tests were computed from it by other programs. */
export function aStoredImage(change: Partial<StoredImage> = {}): StoredImage {
  return {
    rows: 6,
    columns: 7,
    samplesPerPixel: 1,
    samples: Uint16Array.from({ length: 42 }, (_, i) => (i * i * 31 + i * 17) % 1000),
    photometricInterpretation: 'MONOCHROME2',
    ...change,
  };
}

/** Rescaled by 2 x − 100, window 100..1300. */
export const windowed = (): StoredImage => aStoredImage({ slope: 2, intercept: -100, windowCenter: 700, windowWidth: 1200 });

/** The greatest difference between two lists of the same length. */
export function greatestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  return Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i])));
}
