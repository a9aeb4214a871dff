import type { Random } from '../random.js';
import { GaussianBlur } from './gaussian-blur.js';
import type { DisplacementField } from './resample.js';
import type { AugmentationSettings } from './settings.js';

const NOMINAL_SIDE = 512;
/**
 * Smoothed noise is worked out on a grid of this share of sigma, and linear between: that is wrong by about a
 * hundredth of the displacement (step² / 8 × second derivative), and saves most of the time.
 */
const GRID_SHARE = 0.3;

/** Elastic deformation fields of one picture size (Simard 2003, as AugmentationSettings says); the memory is used again. */
export class ElasticField {
  private readonly field: DisplacementField;
  private readonly noise: Float64Array;
  private readonly smoothing: GaussianBlur;
  private readonly grid: Float64Array;
  private readonly alpha: number;
  private readonly sigma: number;
  private readonly step: number;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
    { alpha, sigma }: AugmentationSettings['elastic'],
  ) {
    const scale = Math.max(rows, columns) / NOMINAL_SIDE;
    this.alpha = alpha * scale ** 2;
    this.sigma = sigma * scale;
    this.step = Math.max(1, Math.floor(this.sigma * GRID_SHARE));
    this.field = { right: new Float64Array(rows * columns), down: new Float64Array(rows * columns) };
    this.noise = new Float64Array(rows * columns);
    this.smoothing = new GaussianBlur(rows, columns, this.step);
    this.grid = new Float64Array(this.smoothing.gridRows * this.smoothing.gridColumns);
  }

  /** The next field; it holds until the next one is drawn. */
  draw(random: Random): DisplacementField {
    for (const direction of [this.field.right, this.field.down]) {
      // The factor goes with the noise: smoothing is linear.
      for (let i = 0; i < this.noise.length; i++) this.noise[i] = this.alpha * (2 * random.uniform() - 1);
      this.smoothing.blur(this.noise, this.sigma, this.step === 1 ? direction : this.grid);
      if (this.step > 1) this.betweenGrid(direction);
    }
    return this.field;
  }

  /** Bilinear between the grid's values. */
  private betweenGrid(direction: Float64Array): void {
    const { rows, columns, step, grid } = this;
    const { gridColumns } = this.smoothing;
    for (let y = 0, i = 0; y < rows; y++) {
      const upper = Math.floor(y / step) * gridColumns;
      const partY = (y % step) / step;
      for (let x = 0; x < columns; x += step) {
        const at = upper + x / step;
        const left = grid[at] + partY * (grid[at + gridColumns] - grid[at]);
        const right = grid[at + 1] + partY * (grid[at + gridColumns + 1] - grid[at + 1]);
        const slope = (right - left) / step;
        for (let part = 0; part < step && x + part < columns; part++, i++) direction[i] = left + part * slope;
      }
    }
  }
}
