import { mm, notRead, type NotRead, type SliceWarning } from './volume-verdict.js';

/** A distance above 1.5 × the median has lost a slice, one below the median / 1.5 belongs to another stack. */
const GAP = 1.5;
/** Distances that vary less are one distance: slice positions are rounded to a hundredth of a mm by some scanners. */
const EVEN = 0.01;
const MOST_GAPS_NAMED = 5;

export interface SliceSpacing {
  readonly reads: true;
  /** Median distance between neighbours, mm. */
  readonly spacing: number;
  readonly warnings: readonly SliceWarning[];
}

/**
 * Judges the distances between neighbouring slices: evenly spaced, uneven but mendable by resampling at the true positions,
 * or not one stack.
 * @param positions  mm along the normal, ascending, at least two, all different
 * @param header  what the attributes say, mm
 */
export function sliceSpacing(
  positions: ArrayLike<number>,
  header: { readonly sliceThickness: number | undefined; readonly spacingBetweenSlices: number | undefined },
): SliceSpacing | NotRead {
  const distances = Array.from({ length: positions.length - 1 }, (_, i) => positions[i + 1] - positions[i]);
  const spacing = median(distances);
  const gaps = distances.flatMap((distance, i) => (distance > GAP * spacing ? [{ after: i + 1, distance }] : []));
  if (gaps.length > 0) {
    const named = gaps.slice(0, MOST_GAPS_NAMED).map(({ after, distance }) => `between slices ${after} and ${after + 1} (${mm(distance)})`);
    const rest = gaps.length > MOST_GAPS_NAMED ? ` and ${gaps.length - MOST_GAPS_NAMED} more` : '';
    return notRead('missing-slices', `slices are missing ${named.join(', ')}${rest}, where the spacing is ${mm(spacing)}`);
  }
  const least = Math.min(...distances);
  const greatest = Math.max(...distances);
  if (least < spacing / GAP)
    return notRead(
      'mixed-slice-spacing',
      `slices lie ${mm(least)} apart in some places and ${mm(spacing)} in most: they are not one stack`,
    );
  const warnings: SliceWarning[] = [];
  if (greatest - least > EVEN * spacing)
    warnings.push({ code: 'uneven-spacing', text: `slices lie ${mm(least)} to ${mm(greatest)} apart; resampled at their true positions` });
  const { spacingBetweenSlices, sliceThickness } = header;
  // Some writers put the gap between the slices' edges there, and Nuclear Medicine may make it negative: the positions decide.
  if (spacingBetweenSlices !== undefined && spacingBetweenSlices !== 0 && Math.abs(Math.abs(spacingBetweenSlices) / spacing - 1) > 0.05)
    warnings.push({
      code: 'spacing-unlike-header',
      text: `by their positions slices lie ${mm(spacing)} apart, by Spacing Between Slices ${mm(spacingBetweenSlices)}`,
    });
  if (sliceThickness !== undefined && sliceThickness > 0 && spacing > GAP * sliceThickness)
    warnings.push({
      code: 'unimaged-between-slices',
      text: `slices are ${mm(sliceThickness)} thick and ${mm(spacing)} apart: what lies between them was not imaged`,
    });
  return { reads: true, spacing, warnings };
}

/** Of an even count the lower of the two in the middle: a distance that occurs. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
}
