import type { AttentionMap } from '../reading.js';

/** Cells along each side of the map. */
const CELLS = 8;
/** A patch covers its cell and half a cell around it. */
const AROUND = 0.5;

export interface PreparedPicture {
  /** As the model takes them, [channels, rows, columns] */
  readonly planes: Float32Array;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * How much of a class's probability is lost when a patch of the picture is hidden (Zeiler and Fergus 2014): patches of a
 * quarter of each side, an eighth apart, each filled with the mean of its plane.
 * @param probability  of the class that is to be explained, for one picture
 * @returns 8 × 8, 0..1: the loss itself, 0 where hiding makes the class likelier
 */
export async function occlusionMap(
  { planes, channels, rows, columns }: PreparedPicture,
  probability: (planes: Float32Array) => Promise<number>,
): Promise<AttentionMap> {
  const whole = await probability(planes);
  const size = rows * columns;
  const means = Array.from({ length: channels }, (_, c) => mean(planes.subarray(c * size, (c + 1) * size)));
  const values = new Float32Array(CELLS * CELLS);
  for (let cell = 0; cell < values.length; cell++) {
    const [top, bottom] = reach(Math.floor(cell / CELLS), rows);
    const [left, right] = reach(cell % CELLS, columns);
    const hidden = planes.slice();
    for (let c = 0; c < channels; c++)
      for (let y = top; y < bottom; y++) hidden.fill(means[c], c * size + y * columns + left, c * size + y * columns + right);
    values[cell] = Math.min(1, Math.max(0, whole - (await probability(hidden))));
  }
  return { rows: CELLS, columns: CELLS, values };
}

/** First pixel of a patch along a side of `length`, and the one after its last. */
const reach = (cell: number, length: number): [number, number] => [
  Math.max(0, Math.round(((cell - AROUND) * length) / CELLS)),
  Math.min(length, Math.round(((cell + 1 + AROUND) * length) / CELLS)),
];

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
