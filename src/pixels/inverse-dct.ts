/** Zigzag order (ITU-T T.81 Figure A.6): where the k-th coefficient lies in its 8 × 8 block, row by row. */
const ZIGZAG = zigzag();

/** BASIS[u × 8 + x] = C(u)/2 · cos((2x + 1)uπ / 16) (T.81 A.3.3) */
const BASIS = Float64Array.from({ length: 64 }, (_, i) => {
  const [u, x] = [i >> 3, i & 7];
  return ((u === 0 ? Math.SQRT1_2 : 1) / 2) * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

const dequantized = new Float64Array(64);
const half = new Float64Array(64);

/**
 * Dequantizes one block and takes its inverse DCT, in floating point (T.81 A.3.3, A.3.4).
 * @param coefficients  64 of them from `at` on, in zigzag order
 * @param steps  quantization, 64, in zigzag order
 * @param block  8 × 8 samples, row by row, before the level shift: written
 */
export function inverseDct(coefficients: Int16Array, at: number, steps: Uint16Array, block: Float64Array): void {
  for (let k = 0; k < 64; k++) dequantized[ZIGZAG[k]] = coefficients[at + k] * steps[k];
  for (let v = 0; v < 8; v++) transform(dequantized, v * 8, 1, half, v * 8, 1);
  for (let x = 0; x < 8; x++) transform(half, x, 8, block, x, 8);
}

function transform(from: Float64Array, start: number, step: number, to: Float64Array, toStart: number, toStep: number): void {
  for (let x = 0; x < 8; x++) {
    let sum = 0;
    for (let u = 0; u < 8; u++) sum += from[start + u * step] * BASIS[u * 8 + x];
    to[toStart + x * toStep] = sum;
  }
}

function zigzag(): Uint8Array {
  const cells = Array.from({ length: 64 }, (_, i) => ({ i, row: i >> 3, column: i & 7 }));
  // Diagonal by diagonal; even diagonals run up to the right, odd ones down to the left.
  const along = ({ row, column }: { row: number; column: number }) => ((row + column) % 2 === 0 ? column : row);
  cells.sort((p, q) => p.row + p.column - (q.row + q.column) || along(p) - along(q));
  return Uint8Array.from(cells, ({ i }) => i);
}
