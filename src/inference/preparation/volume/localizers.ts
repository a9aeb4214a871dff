import type { SlicePlane } from './slice-plane.js';
import { degreesBetween, type Vector } from './vector.js';

type Oriented = { readonly imageOrientationPatient: readonly [row: Vector, column: Vector] };

/** Directions that differ less are one direction: rounding to 6 decimals makes 0.0001°, 0.1° moves a slice's edge by half a pixel. */
export const SAME_DIRECTION_DEGREES = 0.1;
/** Localizers that do not call themselves so come one a plane; more frames of another orientation are another stack. */
const MOST_UNNAMED = 3;
const MOST_UNNAMED_SHARE = 1 / 8;

/** LOCALIZER as value 3 or later of the image type (PS3.3 C.8.2.1.1.1; C.8.13.3.1.1 for a frame type). */
export const isNamedLocalizer = ({ imageType }: SlicePlane): boolean => imageType.indexOf('LOCALIZER') >= 2;

/**
 * The frames in the orientation of most. The others are localizers that do not call themselves so, if they are 3 at most
 * and an eighth of the frames at most; undefined where they are more: then nobody can say which stack is meant.
 */
export function inOneOrientation<T extends Oriented>(planes: readonly T[]): readonly T[] | undefined {
  // All but 3 must agree, so one of any 4 is of the majority.
  const stacks = planes.slice(0, MOST_UNNAMED + 1).map((plane) => planes.filter((other) => sameOrientation(plane, other)));
  const majority = stacks.reduce<readonly T[]>((most, stack) => (stack.length > most.length ? stack : most), []);
  const unlike = planes.length - majority.length;
  return unlike <= MOST_UNNAMED && unlike <= planes.length * MOST_UNNAMED_SHARE ? majority : undefined;
}

function sameOrientation({ imageOrientationPatient: a }: Oriented, { imageOrientationPatient: b }: Oriented): boolean {
  return degreesBetween(a[0], b[0]) <= SAME_DIRECTION_DEGREES && degreesBetween(a[1], b[1]) <= SAME_DIRECTION_DEGREES;
}
