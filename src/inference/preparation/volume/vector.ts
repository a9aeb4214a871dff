/** x, y, z in the patient's coordinates, mm: to the left, to the back, to the head (LPS; PS3.3 C.7.6.2.1.1). */
export type Vector = readonly [x: number, y: number, z: number];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

export const difference = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** `from` moved by `distance` mm along a direction of length 1. */
export const along = (from: Vector, direction: Vector, distance: number): Vector => [
  from[0] + direction[0] * distance,
  from[1] + direction[1] * distance,
  from[2] + direction[2] * distance,
];

export const lengthOf = (a: Vector): number => Math.hypot(a[0], a[1], a[2]);

/** Degrees between two directions, 0..180; by the half-angle's tangent, which is exact for tiny angles as for large ones. */
export function degreesBetween(a: Vector, b: Vector): number {
  return (Math.atan2(lengthOf(cross(a, b)), dot(a, b)) * 180) / Math.PI;
}
