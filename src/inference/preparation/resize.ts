/** Which source samples make one output sample along an axis, and their weights (sum 1). */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Stretches one channel to rows × columns; the aspect ratio is not kept.
 * `bilinear`: half-pixel centres, no smoothing before shrinking (OpenCV INTER_LINEAR).
 * `area`: exact average over the part of the picture that an output pixel covers (OpenCV INTER_AREA).
 * @param values  sourceRows × sourceColumns, row by row
 * @returns  rows × columns, row by row; a new array
 */
export function resize(
  values: Float64Array,
  source: { readonly rows: number; readonly columns: number },
  target: { readonly rows: number; readonly columns: number },
  method: 'bilinear' | 'area',
): Float32Array {
  const tapsOf = method === 'bilinear' ? bilinearTaps : areaTaps;
  const across = tapsOf(source.columns, target.columns);
  const resized = new Float32Array(target.rows * target.columns);
  const row = new Float64Array(target.columns);
  tapsOf(source.rows, target.rows).forEach(({ first, weights }, y) => {
    row.fill(0);
    for (let tap = 0; tap < weights.length; tap++) addRow(row, values, (first + tap) * source.columns, across, weights[tap]);
    resized.set(row, y * target.columns);
  });
  return resized;
}

/** Adds `weight` times one source row, resized along its columns. */
function addRow(row: Float64Array, values: Float64Array, start: number, across: readonly Taps[], weight: number): void {
  for (let x = 0; x < row.length; x++) {
    const { first, weights } = across[x];
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * values[start + first + tap];
    row[x] += weight * sum;
  }
}

function bilinearTaps(source: number, target: number): Taps[] {
  return Array.from({ length: target }, (_, i) => {
    const at = Math.max(0, ((i + 0.5) * source) / target - 0.5);
    const first = Math.floor(at);
    if (first >= source - 1) return { first: source - 1, weights: [1] };
    return { first, weights: [1 - (at - first), at - first] };
  });
}

function areaTaps(source: number, target: number): Taps[] {
  return Array.from({ length: target }, (_, i) => {
    // In units of 1 / target of a source pixel all edges are whole numbers: no slivers from rounding.
    const from = i * source;
    const to = from + source;
    const first = Math.floor(from / target);
    const weights: number[] = [];
    for (let s = first; s * target < to; s++) weights.push((Math.min(to, (s + 1) * target) - Math.max(from, s * target)) / source);
    return { first, weights };
  });
}
