import type { Affine } from './affine.js';

/** How far from its place each pixel is taken, in pixels, rows × columns each. */
export interface DisplacementField {
  readonly right: Float64Array;
  readonly down: Float64Array;
}

/**
 * One pass over the picture: each pixel is taken from where map and field lead, bilinear between the four pixels there; beyond
 * the border, the border's value.
 * @param image  rows × columns, row by row
 * @param into  the same size, other memory
 */
export function resample(
  image: Float32Array,
  rows: number,
  columns: number,
  map: Affine,
  field: DisplacementField | undefined,
  into: Float32Array,
): void {
  const [lastX, lastY] = [columns - 1, rows - 1];
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      let atX = map.xx * x + map.xy * y + map.x0;
      let atY = map.yx * x + map.yy * y + map.y0;
      if (field !== undefined) {
        atX += field.right[i];
        atY += field.down[i];
      }
      atX = atX < 0 ? 0 : atX > lastX ? lastX : atX;
      atY = atY < 0 ? 0 : atY > lastY ? lastY : atY;
      const left = atX | 0;
      const top = atY | 0;
      const at = top * columns + left;
      const across = left === lastX ? 0 : 1;
      const under = top === lastY ? 0 : columns;
      const partX = atX - left;
      const upper = image[at] + partX * (image[at + across] - image[at]);
      const lower = image[at + under] + partX * (image[at + under + across] - image[at + under]);
      into[i] = upper + (atY - top) * (lower - upper);
    }
  }
}

/** The same for a mask: each pixel gets the label that is nearest to where it is taken from. */
export function resampleMask(
  mask: Uint8Array,
  rows: number,
  columns: number,
  map: Affine,
  field: DisplacementField | undefined,
  into: Uint8Array,
): void {
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      const atX = Math.round(map.xx * x + map.xy * y + map.x0 + (field === undefined ? 0 : field.right[i]));
      const atY = Math.round(map.yx * x + map.yy * y + map.y0 + (field === undefined ? 0 : field.down[i]));
      const row = atY < 0 ? 0 : atY >= rows ? rows - 1 : atY;
      into[i] = mask[row * columns + (atX < 0 ? 0 : atX >= columns ? columns - 1 : atX)];
    }
  }
}
