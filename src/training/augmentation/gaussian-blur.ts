/** So many standard deviations of the kernel are kept on either side, as scipy.ndimage.gaussian_filter keeps them. */
const REACH = 4;

type Plane = Float32Array | Float64Array;

/**
 * Gaussian smoothing of planes of one size, along columns and then rows; borders reflect without repeating
 * (BORDER_REFLECT_101, scipy's `mirror`). Holds its memory: make one for each size and use it again.
 */
export class GaussianBlur {
  /** Of what is given out: every `step`-th row and column, and one beyond the border where `step` is above 1. */
  readonly gridRows: number;
  readonly gridColumns: number;
  private readonly between: Float64Array;
  private readonly row: Float64Array;

  /** @param step  1 gives every smoothed value out; more, only those of a grid of every so many rows and columns */
  constructor(
    private readonly rows: number,
    private readonly columns: number,
    private readonly step = 1,
  ) {
    const gridSide = (length: number): number => (step === 1 ? length : Math.floor((length - 1) / step) + 2);
    this.gridRows = gridSide(rows);
    this.gridColumns = gridSide(columns);
    this.between = new Float64Array(this.gridRows * columns);
    this.row = new Float64Array(Math.max(columns, this.gridColumns));
  }

  /**
   * @param values  rows × columns, row by row
   * @param sigma  standard deviation in pixels; 0 leaves the values as they are
   * @param into  gridRows × gridColumns; may be `values` itself where it is as large
   */
  blur(values: Plane, sigma: number, into: Plane): void {
    const kernel = halfKernel(sigma);
    this.alongColumns(values, kernel);
    this.alongRows(kernel, into);
  }

  private alongColumns(values: Plane, kernel: Float64Array): void {
    const { rows, columns, step, between, row } = this;
    for (let grid = 0; grid < this.gridRows; grid++) {
      const y = grid * step;
      const here = reflect(y, rows) * columns;
      for (let x = 0; x < columns; x++) row[x] = kernel[0] * values[here + x];
      for (let k = 1; k < kernel.length; k++) {
        const above = reflect(y - k, rows) * columns;
        const below = reflect(y + k, rows) * columns;
        const weight = kernel[k];
        for (let x = 0; x < columns; x++) row[x] += weight * (values[above + x] + values[below + x]);
      }
      for (let x = 0; x < columns; x++) between[grid * columns + x] = row[x];
    }
  }

  private alongRows(kernel: Float64Array, into: Plane): void {
    const { columns, gridColumns, step, between, row } = this;
    const reach = kernel.length - 1;
    const wide = new Float64Array((gridColumns - 1) * step + 1 + 2 * reach);
    const source = Int32Array.from({ length: wide.length }, (_, i) => reflect(i - reach, columns));
    for (let y = 0; y < this.gridRows; y++) {
      for (let i = 0; i < wide.length; i++) wide[i] = between[y * columns + source[i]];
      for (let x = 0; x < gridColumns; x++) row[x] = kernel[0] * wide[x * step + reach];
      for (let k = 1; k <= reach; k++) {
        const weight = kernel[k]; // the kernel outside, the row inside: no sum waits for the one before
        for (let x = 0, at = reach; x < gridColumns; x++, at += step) row[x] += weight * (wide[at - k] + wide[at + k]);
      }
      for (let x = 0; x < gridColumns; x++) into[y * gridColumns + x] = row[x];
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
