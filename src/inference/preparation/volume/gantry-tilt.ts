import { SAME_DIRECTION_DEGREES } from './localizers.js';
import type { VolumeGeometry } from './volume-geometry.js';
import { mm, type SliceWarning } from './volume-verdict.js';

/** Shifts within a stack below half a pixel are rounding or the table's own play. */
const SHIFT_PIXELS = 0.5;

type Shear = Pick<VolumeGeometry, 'positions' | 'offsets' | 'pixelSpacing'>;

/**
 * Degrees between the normal and the line through the slices' first pixels (least squares through the first slice): what a
 * tilted gantry leaves of itself, as the table moves along its own axis and not along the normal.
 */
export function shearDegrees({ positions, offsets }: Pick<Shear, 'positions' | 'offsets'>): number {
  const [alongRow, downColumn] = slopes({ positions, offsets });
  return (Math.atan(Math.hypot(alongRow, downColumn)) * 180) / Math.PI;
}

/**
 * @param header  Gantry/Detector Tilt (0018,1120), degrees
 */
export function tiltWarnings(shear: Shear, header: number | undefined): SliceWarning[] {
  const degrees = shearDegrees(shear);
  const warnings: SliceWarning[] = [];
  if (degrees > SAME_DIRECTION_DEGREES)
    warnings.push({ code: 'gantry-tilt', text: `the stack is sheared by ${degrees.toFixed(1)}°; resampled along its normal` });
  else if (header !== undefined && Math.abs(header) > SAME_DIRECTION_DEGREES)
    warnings.push({
      code: 'gantry-tilt',
      text: `the header names a gantry tilt of ${header.toFixed(1)}°, by their positions the slices are not sheared; the positions are taken`,
    });
  const shift = greatestShift(shear);
  if (shift > SHIFT_PIXELS * Math.min(...shear.pixelSpacing))
    warnings.push({
      code: 'slices-shifted',
      text: `slices are shifted against each other by up to ${mm(shift)}; resampled at their true positions`,
    });
  return warnings;
}

/** mm of shift along the row and down the column a mm along the normal. */
function slopes({ positions, offsets }: Pick<Shear, 'positions' | 'offsets'>): readonly [number, number] {
  let [squares, row, column] = [0, 0, 0];
  for (let k = 0; k < positions.length; k++) {
    squares += positions[k] * positions[k];
    row += positions[k] * offsets[2 * k];
    column += positions[k] * offsets[2 * k + 1];
  }
  return [row / squares, column / squares];
}

/** mm by which a slice lies beside the line, at most. */
function greatestShift({ positions, offsets }: Pick<Shear, 'positions' | 'offsets'>): number {
  const [row, column] = slopes({ positions, offsets });
  let greatest = 0;
  for (let k = 0; k < positions.length; k++)
    greatest = Math.max(greatest, Math.hypot(offsets[2 * k] - row * positions[k], offsets[2 * k + 1] - column * positions[k]));
  return greatest;
}
