export interface FilterSums {
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
  return { laplacian, laplacianSquares, highPass, highPassSquares };
}

/** One step outside comes back one step inside; along an axis of one sample there is only that sample. */
function reflect(at: number, length: number): number {
  if (length === 1) return 0;
  if (at < 0) return 1;
  return at >= length ? length - 2 : at;
}
