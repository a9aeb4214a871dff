import type { ImageQuality } from '../reading.js';

const POINTS_EACH = 25;

/**
 * The four quality measures of an image and their score (thresholds in ImageQuality), at full resolution and before
 * normalisation. Neighbourhoods reflect at the border without repeating it (OpenCV BORDER_REFLECT_101).
 * @param values  0..1, rows × columns, row by row
 */
export function measureQuality(rows: number, columns: number, values: Float64Array): ImageQuality {
  const pixels = rows * columns;
  const { sum, squares } = sums(values);
  const mean = sum / pixels;
  const contrast = deviation(sum, squares, pixels) / (mean + 1e-8);
  const edges = filterSums(rows, columns, values);
  const sharpness = deviation(edges.laplacian, edges.laplacianSquares, pixels) ** 2;
  const noise = deviation(edges.highPass, edges.highPassSquares, pixels);
  const passes = {
    contrast: contrast > 0.3,
    sharpness: sharpness > 0.1,
    noise: noise < 0.1,
    brightness: mean >= 0.2 && mean <= 0.8,
  };
  const score = POINTS_EACH * Object.values(passes).filter(Boolean).length;
  return { contrast, sharpness, noise, brightness: mean, passes, score };
}

function sums(values: Float64Array): { sum: number; squares: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  return { sum, squares };
}

/** Population standard deviation; rounding may leave a constant image a hair below 0. */
function deviation(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

interface FilterSums {
  laplacian: number;
  laplacianSquares: number;
  highPass: number;
  highPassSquares: number;
}

/** Sums over the image of the Laplacian (0 1 0, 1 −4 1, 0 1 0) and of the high-pass (eight times −1 around 8). */
function filterSums(rows: number, columns: number, values: Float64Array): FilterSums {
  let laplacian = 0;
  let laplacianSquares = 0;
  let highPass = 0;
  let highPassSquares = 0;
  for (let y = 0; y < rows; y++) {
    const here = y * columns;
    const above = reflect(y - 1, rows) * columns;
    const below = reflect(y + 1, rows) * columns;
    // A window of three columns moves along the row: outer = the two values above and below the middle one.
    let middleLeft = values[here + reflect(-1, columns)];
    let outerLeft = values[above + reflect(-1, columns)] + values[below + reflect(-1, columns)];
    let middle = values[here];
    let outer = values[above] + values[below];
    for (let x = 0; x < columns; x++) {
      const right = x === columns - 1 ? reflect(columns, columns) : x + 1;
      const middleRight = values[here + right];
      const outerRight = values[above + right] + values[below + right];
      const beside = outer + middleLeft + middleRight;
      const edge = beside - 4 * middle;
      const detail = 8 * middle - beside - outerLeft - outerRight;
      laplacian += edge;
      laplacianSquares += edge * edge;
      highPass += detail;
      highPassSquares += detail * detail;
      middleLeft = middle;
      outerLeft = outer;
      middle = middleRight;
      outer = outerRight;
    }
  }
  return { laplacian, laplacianSquares, highPass, highPassSquares };
}

/** One step outside comes back one step inside; along an axis of one sample there is only that sample. */
function reflect(at: number, length: number): number {
  if (length === 1) return 0;
  if (at < 0) return 1;
  return at >= length ? length - 2 : at;
}
