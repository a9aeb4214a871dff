import { inOneOrientation, isNamedLocalizer } from './localizers.js';
import type { SlicePlane } from './slice-plane.js';
import type { PlacedSlice, VolumeGeometry } from './volume-geometry.js';
import { sliceSpacing } from './slice-spacing.js';
import { duplicatePositions } from './slice-duplicates.js';
import { tiltWarnings } from './gantry-tilt.js';
import { cross, difference, dot, lengthOf, type Vector } from './vector.js';
import { notRead, type NotRead, type SliceWarning } from './volume-verdict.js';

export type GeometryVerdict =
  { readonly reads: true; readonly geometry: VolumeGeometry; readonly warnings: readonly SliceWarning[] } | NotRead;

/** Orthogonal, length 1 (PS3.3 C.7.6.2.1.1); values rounded to 3 decimals still pass. */
const ORTHONORMAL = 1e-3;
const SAME_PIXEL_SPACING = 0.01;

/**
 * Whether frames make one volume, and which. A wrong volume is worse than none:
 * - not read: no or impossible geometry, orientations, frames of reference, sizes, pixel or slice spacings mixed, units mixed,
 *   missing slices, two different slices in one place (time points, echoes and b-values among them), too few slices;
 * - read with a warning: localizers and repeated slices, which are set aside; gantry tilt, shifted and slightly uneven
 *   slices, which resampling at the true positions mends; a header that contradicts the positions, which win.
 * @param planes  all frames of a series, in any order
 * @param least  slices that the card asks for; a volume has two
 * @param most  slices that may be held
 */
export function sliceGeometry(planes: readonly SlicePlane[], { least, most }: { least: number; most: number }): GeometryVerdict {
  const warnings: SliceWarning[] = [];
  const stack = planes.filter((plane) => !isNamedLocalizer(plane));
  if (stack.length === 0) return notRead('only-localizers', 'every image is a localizer');
  if (!stack.every(isPlaced)) return notRead('slice-geometry-absent', 'position, orientation, pixel spacing or size of a slice is absent');
  if (!stack.every(isPossible))
    return notRead(
      'slice-geometry-invalid',
      'the orientation of a slice is not two orthogonal directions, or its pixel spacing or size is not positive',
    );
  const kept = inOneOrientation(stack);
  if (kept === undefined) return notRead('mixed-orientation', 'the slices have several orientations');
  const localizers = planes.length - kept.length;
  if (localizers > 0) warnings.push({ code: 'localizer-set-aside', text: `localizers set aside: ${localizers}` });
  const contradiction = contradictionOf(kept);
  if (contradiction !== undefined) return contradiction;
  const slices = alongNormal(kept);
  const repeated = duplicatePositions(slices);
  if (repeated !== undefined) return repeated;
  const atLeast = Math.max(2, least);
  if (slices.length < atLeast) return notRead('too-few-slices', `${slices.length} slices are fewer than ${atLeast}`);
  if (slices.length > most) return notRead('too-many-slices', `${slices.length} slices are more than ${most}`);
  const geometry = geometryOf(slices);
  const spaced = sliceSpacing(geometry.positions, slices[0]);
  if (!spaced.reads) return spaced;
  warnings.push(...spaced.warnings, ...tiltWarnings(geometry, slices[0].gantryDetectorTilt));
  if (geometry.frameOfReferenceUID === undefined)
    warnings.push({ code: 'frame-of-reference-absent', text: 'no slice names its frame of reference' });
  return { reads: true, geometry: { ...geometry, spacing: spaced.spacing }, warnings };
}

const isPlaced = (plane: SlicePlane): plane is PlacedSlice =>
  [plane.rows, plane.columns, plane.imagePositionPatient, plane.imageOrientationPatient, plane.pixelSpacing].every(
    (one) => one !== undefined,
  );

function isPossible({ imageOrientationPatient: [row, column], pixelSpacing, rows, columns }: PlacedSlice): boolean {
  const orthonormal = [lengthOf(row) - 1, lengthOf(column) - 1, dot(row, column)].every((error) => Math.abs(error) <= ORTHONORMAL);
  return orthonormal && pixelSpacing.every((spacing) => spacing > 0) && rows > 0 && columns > 0;
}

/** What the slices of one volume must have in common. */
function contradictionOf(slices: readonly PlacedSlice[]): NotRead | undefined {
  const [first] = slices;
  const differs = (unlike: (slice: PlacedSlice) => boolean): boolean => slices.some(unlike);
  if (differs(({ frameOfReferenceUID }) => frameOfReferenceUID !== first.frameOfReferenceUID))
    return notRead('mixed-frame-of-reference', 'the slices have several frames of reference: their positions cannot be compared');
  if (differs(({ rows, columns }) => rows !== first.rows || columns !== first.columns))
    return notRead('mixed-size', 'the slices have several numbers of rows or columns');
  if (differs(({ pixelSpacing }) => pixelSpacing.some((spacing, i) => Math.abs(spacing / first.pixelSpacing[i] - 1) > SAME_PIXEL_SPACING)))
    return notRead('mixed-pixel-spacing', 'the slices have several pixel spacings');
  if (differs(({ rescaleType }) => rescaleType !== first.rescaleType))
    return notRead('mixed-units', 'the values of the slices have several units (Rescale Type)');
  return undefined;
}

/** By the position's part along the normal (PS3.3 C.7.6.2.1.1); equal ones in the order given. */
function alongNormal(slices: readonly PlacedSlice[]): PlacedSlice[] {
  const { normal } = axesOf(slices[0]);
  const height = new Map(slices.map((slice) => [slice, dot(slice.imagePositionPatient, normal)]));
  return [...slices].sort((a, b) => (height.get(a) ?? 0) - (height.get(b) ?? 0));
}

/** Made exactly orthonormal: the row is kept, the normal stands on both, the column on row and normal. */
function axesOf({ imageOrientationPatient: [row, column] }: PlacedSlice): Pick<VolumeGeometry, 'rowCosines' | 'columnCosines' | 'normal'> {
  const rowCosines = unit(row);
  const normal = unit(cross(rowCosines, column));
  return { rowCosines, columnCosines: cross(normal, rowCosines), normal };
}

function unit(direction: Vector): Vector {
  const length = lengthOf(direction);
  return [direction[0] / length, direction[1] / length, direction[2] / length];
}

function geometryOf(slices: readonly PlacedSlice[]): VolumeGeometry {
  const [first] = slices;
  const { rows, columns, pixelSpacing, frameOfReferenceUID, imagePositionPatient: origin } = first;
  const axes = axesOf(first);
  const shifts = slices.map(({ imagePositionPatient }) => difference(imagePositionPatient, origin));
  return {
    slices,
    rows,
    columns,
    origin,
    ...axes,
    pixelSpacing,
    positions: Float64Array.from(shifts, (shift) => dot(shift, axes.normal)),
    offsets: Float64Array.from(shifts.flatMap((shift) => [dot(shift, axes.rowCosines), dot(shift, axes.columnCosines)])),
    spacing: 0,
    frameOfReferenceUID,
  };
}
