import type { PlacedSlice } from './volume-geometry.js';
import { cross, difference, dot } from './vector.js';
import { notRead, type NotRead, type SliceWarning } from './volume-verdict.js';

/** Slices nearer to each other than this lie in one place: no scanner slices so thin, and positions are written to 0.001 mm or better. */
const SAME_PLACE_MM = 0.01;

/**
 * Slices in one place are one slice sent twice, if their pixels are the same and known to be; all but the first are set
 * aside. Else they are time points, echoes, b-values or two reconstructions, and which of them is meant nobody said.
 * @param sorted  ascending along the normal
 */
export function withoutDuplicates(
  sorted: readonly PlacedSlice[],
): { readonly reads: true; readonly slices: readonly PlacedSlice[]; readonly warnings: readonly SliceWarning[] } | NotRead {
  const normal = cross(...sorted[0].imageOrientationPatient);
  const slices: PlacedSlice[] = [];
  let unlike = 0;
  for (const slice of sorted) {
    const below = slices.at(-1);
    const apart = below && dot(difference(slice.imagePositionPatient, below.imagePositionPatient), normal);
    if (below === undefined || apart === undefined || apart > SAME_PLACE_MM) slices.push(slice);
    else if (slice.pixelDigest === undefined || slice.pixelDigest !== below.pixelDigest) unlike++;
  }
  const repeated = sorted.length - slices.length;
  if (unlike > 0) return notRead('duplicate-positions', `${unlike} slices lie where another one lies, with other content`);
  const warnings: SliceWarning[] =
    repeated === 0 ? [] : [{ code: 'duplicate-set-aside', text: `slices sent twice, set aside: ${repeated}` }];
  return { reads: true, slices, warnings };
}
