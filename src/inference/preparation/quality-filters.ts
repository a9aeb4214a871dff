export interface FilterSums {
  /** That were summed over. */
  pixels: number;
  laplacian: number;
  laplacianSquares: number;
  highPass: number;
  highPassSquares: number;
}

/** Sums over the image of the Laplacian (0 1 0, 1 −4 1, 0 1 0) and of the high-pass (eight times −1 around 8). */
export function filterSums(rows: number, columns: number, values: Float64Array): FilterSums {
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
  return { pixels: rows * columns, laplacian, laplacianSquares, highPass, highPassSquares };
}

/**
 * The same over the pixels that have no padding beside them: where the picture ends there is no edge of what it shows.
 * @param padding  1 where a pixel is none of the picture
 */
export function filterSumsInside(rows: number, columns: number, values: Float64Array, padding: Uint8Array): FilterSums {
  const sums = { pixels: 0, laplacian: 0, laplacianSquares: 0, highPass: 0, highPassSquares: 0 };
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      let [straight, oblique, isInside] = [0, 0, true];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const at = reflect(y + dy, rows) * columns + reflect(x + dx, columns);
          if (padding[at] === 1) isInside = false;
          if (dy === 0 && dx === 0) continue;
          if (dy === 0 || dx === 0) straight += values[at];
          else oblique += values[at];
        }
      if (!isInside) continue;
      const middle = values[y * columns + x];
      const [edge, detail] = [straight - 4 * middle, 8 * middle - straight - oblique];
      sums.pixels++;
      sums.laplacian += edge;
      sums.laplacianSquares += edge * edge;
      sums.highPass += detail;
      sums.highPassSquares += detail * detail;
    }
  return sums;
}

/** One step outside comes back one step inside; along an axis of one sample there is only that sample. */
function reflect(at: number, length: number): number {
  if (length === 1) return 0;
  if (at < 0) return 1;
  return at >= length ? length - 2 : at;
}
