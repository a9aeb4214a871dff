import type { Size } from './resize.js';

/** Where the picture lies in the model's input. */
export interface Place extends Size {
  readonly top: number;
  readonly left: number;
}

/**
 * `stretch`: the picture fills the input. `keep`: the largest size of the picture's own shape that fits, at least 1 × 1,
 * in the middle; an odd pixel over is below and to the right.
 */
export function placeOf(picture: Size, input: Size, aspect: 'stretch' | 'keep'): Place {
  if (aspect === 'stretch') return { top: 0, left: 0, rows: input.rows, columns: input.columns };
  const scale = Math.min(input.rows / picture.rows, input.columns / picture.columns);
  const side = (length: number, most: number): number => Math.min(most, Math.max(1, Math.round(length * scale)));
  const rows = side(picture.rows, input.rows);
  const columns = side(picture.columns, input.columns);
  return { top: Math.floor((input.rows - rows) / 2), left: Math.floor((input.columns - columns) / 2), rows, columns };
}
