const STEPS = 16;

/**
 * Pictures between whole and wiped out (Petsiuk, Das and Saenko 2018): after each step, the next sixteenth of all cells of
 * the map, the highest first, is taken from `other`.
 * @param planes  [channels, rows, columns]
 * @param map     mapRows × mapColumns, laid over the picture
 * @returns STEPS + 1 pictures, the first of them `planes`
 */
export function exchanged(
  planes: Float32Array,
  other: Float32Array,
  picture: { readonly channels: number; readonly rows: number; readonly columns: number },
  map: { readonly rows: number; readonly columns: number; readonly values: ArrayLike<number> },
): Float32Array[] {
  const order = Array.from({ length: map.rows * map.columns }, (_, i) => i).sort((a, b) => map.values[b] - map.values[a] || a - b);
  const rank = new Int32Array(order.length);
  order.forEach((cell, place) => (rank[cell] = place));
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const cells = (step * order.length) / STEPS;
    const mixed = planes.slice();
    for (let y = 0; y < picture.rows; y++) {
      const mapRow = Math.floor((y * map.rows) / picture.rows) * map.columns;
      for (let x = 0; x < picture.columns; x++) {
        if (rank[mapRow + Math.floor((x * map.columns) / picture.columns)] >= cells) continue;
        for (let c = 0; c < picture.channels; c++) {
          const at = (c * picture.rows + y) * picture.columns + x;
          mixed[at] = other[at];
        }
      }
    }
    return mixed;
  });
}

/** Area under the probabilities of the steps, 0..1 (trapezoids). */
export function areaOver(probabilities: readonly number[]): number {
  const inner = probabilities.slice(1, -1).reduce((sum, value) => sum + value, 0);
  return (inner + (probabilities[0] + probabilities[probabilities.length - 1]) / 2) / (probabilities.length - 1);
}
