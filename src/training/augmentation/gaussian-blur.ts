/** So many standard deviations of the kernel are kept on either side, as scipy.ndimage.gaussian_filter keeps them. */
const REACH = 4;

type Plane = Float32Array | Float64Array;

/**
 * Gaussian smoothing of one plane size, along columns and then rows; borders reflect without repeating (BORDER_REFLECT_101,
 * scipy's `mirror`). Holds its memory: make one for each size and use it again.
 */
export class GaussianBlur {
  private readonly between: Float64Array;
  private readonly row: Float64Array;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
  ) {
    this.between = new Float64Array(rows * columns);
    this.row = new Float64Array(columns);
  }

  /**
   * @param values  rows × columns, row by row
   * @param sigma  standard deviation in pixels; 0 leaves the values as they are
   * @param into  may be `values` itself
   */
  blur(values: Plane, sigma: number, into: Plane): void {
    const kernel = halfKernel(sigma);
    this.alongColumns(values, kernel);
    this.alongRows(kernel, into);
  }

  private alongColumns(values: Plane, kernel: Float64Array): void {
    const { rows, columns, between, row } = this;
    for (let y = 0; y < rows; y++) {
      const here = y * columns;
      for (let x = 0; x < columns; x++) row[x] = kernel[0] * values[here + x];
      for (let k = 1; k < kernel.length; k++) {
        const above = reflect(y - k, rows) * columns;
        const below = reflect(y + k, rows) * columns;
        const weight = kernel[k];
        for (let x = 0; x < columns; x++) row[x] += weight * (values[above + x] + values[below + x]);
      }
      between.set(row, here);
    }
  }

  private alongRows(kernel: Float64Array, into: Plane): void {
    const { rows, columns, between, row } = this;
    const reach = kernel.length - 1;
    const wide = new Float64Array(columns + 2 * reach);
    const source = Int32Array.from({ length: wide.length }, (_, i) => reflect(i - reach, columns));
    for (let y = 0; y < rows; y++) {
      const start = y * columns;
      for (let i = 0; i < wide.length; i++) wide[i] = between[start + source[i]];
      for (let x = 0; x < columns; x++) row[x] = kernel[0] * wide[x + reach];
      for (let k = 1; k <= reach; k++) {
        const weight = kernel[k]; // the kernel outside, the row inside: no sum waits for the one before
        for (let x = 0; x < columns; x++) row[x] += weight * (wide[x + reach - k] + wide[x + reach + k]);
      }
      into.set(row, start);
    }
  }
}

/** From the middle outwards; middle + 2 × the rest = 1. */
function halfKernel(sigma: number): Float64Array {
  if (!(sigma > 0)) return Float64Array.of(1);
  const kernel = Float64Array.from({ length: Math.floor(REACH * sigma + 0.5) + 1 }, (_, k) => Math.exp((-0.5 * k * k) / (sigma * sigma)));
  const sum = 2 * kernel.reduce((total, weight) => total + weight, 0) - kernel[0];
  return kernel.map((weight) => weight / sum);
}

/** The border's neighbour comes back from outside, as often as the kernel is longer than the picture. */
function reflect(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((at % period) + period) % period;
  return within < length ? within : period - within;
}
