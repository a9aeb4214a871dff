import type { ModelPreparation } from '../inference/model-card.js';

/** The model looks at 16 × 16 cells of 14 × 14 pixels; in each at its mean grey and four mean edge strengths. */
export const GRID = 16;
export const CHANNELS = 5;
export const FEATURES = CHANNELS * GRID * GRID;

/** `area`, as the training pictures were made: without smoothing, a large X-ray's noise would look like edges. */
export const PREPARATION: ModelPreparation = {
  rows: 224,
  columns: 224,
  channels: 1,
  normalisation: 'z_score',
  resize: 'area',
  aspect: 'stretch',
};

const HALF = PREPARATION.rows / 2;
const CELL = HALF / GRID;

/** Central differences across, down and along both diagonals, [4, 1, 3, 3]: the graph's convolution. */
export const EDGE_KERNELS: Float32Array = Float32Array.from(
  [
    [1, 0],
    [0, 1],
    [Math.SQRT1_2, Math.SQRT1_2],
    [Math.SQRT1_2, -Math.SQRT1_2],
  ].flatMap(([across, down]) => [0, -down / 2, 0, -across / 2, 0, across / 2, 0, down / 2, 0]),
);

/**
 * What the classifier sees of a prepared image: [CHANNELS, GRID, GRID], as the ONNX graph computes it (chest-graph.ts).
 * Channel 0: mean of the cell. Channels 1..4: mean of |edge| at half resolution, borders repeated.
 * @param images  [1, 1, 224, 224]
 */
export function chestFeatures(images: Float32Array): Float64Array {
  const half = halve(images);
  const features = new Float64Array(FEATURES);
  for (let y = 0; y < HALF; y++) {
    const above = Math.max(0, y - 1) * HALF;
    const below = Math.min(HALF - 1, y + 1) * HALF;
    for (let x = 0; x < HALF; x++) {
      const across = (half[y * HALF + Math.min(HALF - 1, x + 1)] - half[y * HALF + Math.max(0, x - 1)]) / 2;
      const down = (half[below + x] - half[above + x]) / 2;
      const cell = Math.floor(y / CELL) * GRID + Math.floor(x / CELL);
      add(features, 0, cell, half[y * HALF + x]);
      add(features, 1, cell, Math.abs(across));
      add(features, 2, cell, Math.abs(down));
      add(features, 3, cell, Math.abs(across + down) * Math.SQRT1_2);
      add(features, 4, cell, Math.abs(across - down) * Math.SQRT1_2);
    }
  }
  return features;
}

function add(features: Float64Array, channel: number, cell: number, value: number): void {
  features[channel * GRID * GRID + cell] += value / (CELL * CELL);
}

/** Means of 2 × 2 pixels. */
function halve(images: Float32Array): Float64Array {
  const half = new Float64Array(HALF * HALF);
  for (let y = 0; y < HALF; y++)
    for (let x = 0; x < HALF; x++) {
      const at = 4 * y * HALF + 2 * x;
      half[y * HALF + x] = (images[at] + images[at + 1] + images[at + 2 * HALF] + images[at + 2 * HALF + 1]) / 4;
    }
  return half;
}
