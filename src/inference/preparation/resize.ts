import { areaTaps, bilinearTaps, cubicTaps, type Taps } from './resize-taps.js';

export type ResizeMethod = 'bilinear' | 'area' | 'cubic';

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

const TAPS = { bilinear: bilinearTaps, area: areaTaps, cubic: cubicTaps };

/**
 * Stretches one channel to rows × columns; the aspect ratio is not kept. Nothing is smoothed before shrinking but by `area`.
 * `bilinear`: half-pixel centres (OpenCV INTER_LINEAR).
 * `area`: exact average over the part of the picture that an output pixel covers (OpenCV INTER_AREA where both sides shrink or
 *   both grow; where one does each, OpenCV interpolates the other way).
 * `cubic`: half-pixel centres, the kernel of Keys with a = −0.75, borders repeated (OpenCV INTER_CUBIC); it may leave the
 *   range of the values given.
 * @param values  sourceRows × sourceColumns, row by row
 * @returns  rows × columns, row by row; a new array
 */
export function resize(values: Float64Array, source: Size, target: Size, method: ResizeMethod): Float32Array {
  const resized = new Float32Array(target.rows * target.columns);
  resizeInto(resized, values, source, target, method);
  return resized;
}

/** As resize, into memory that the caller has: rows × columns from its start. */
export function resizeInto(
  into: Float32Array | Float64Array,
  values: Float64Array,
  source: Size,
  target: Size,
  method: ResizeMethod,
): void {
  const across = TAPS[method](source.columns, target.columns);
  const { first, count, weights, most } = TAPS[method](source.rows, target.rows);
  const row = new Float64Array(target.columns);
  for (let y = 0; y < target.rows; y++) {
    row.fill(0);
    for (let tap = 0; tap < count[y]; tap++) addRow(row, values, (first[y] + tap) * source.columns, across, weights[y * most + tap]);
    into.set(row, y * target.columns);
  }
}

/** Adds `weight` times one source row, resized along its columns. */
function addRow(row: Float64Array, values: Float64Array, start: number, { first, count, weights, most }: Taps, weight: number): void {
  for (let x = 0; x < row.length; x++) {
    const from = start + first[x];
    const end = count[x];
    let sum = 0;
    for (let tap = 0, at = x * most; tap < end; tap++, at++) sum += weights[at] * values[from + tap];
    row[x] += weight * sum;
  }
}
