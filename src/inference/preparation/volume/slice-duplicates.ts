import type { PlacedSlice } from './volume-geometry.js';
import { cross, difference, dot } from './vector.js';
import { notRead, type NotRead } from './volume-verdict.js';

/** Slices nearer to each other than this lie in one place: no scanner slices so thin, and positions are written to 0.001 mm or better. */
const SAME_PLACE_MM = 0.01;

/**
 * Slices in one place are time points, echoes, b-values, two reconstructions or one slice sent twice: which of them is meant nobody
 * said, and their pixels are not known here.
 * @param sorted  ascending along the normal
 */
export function duplicatePositions(sorted: readonly PlacedSlice[]): NotRead | undefined {
  const normal = cross(...sorted[0].imageOrientationPatient);
  const repeated = sorted.filter((slice, k) => {
    const apart = k > 0 && dot(difference(slice.imagePositionPatient, sorted[k - 1].imagePositionPatient), normal);
    return apart !== false && apart <= SAME_PLACE_MM;
  }).length;
  if (repeated === 0) return undefined;
  return notRead('duplicate-positions', `${repeated} slices lie where another one lies, and which is meant is not said`);
}
