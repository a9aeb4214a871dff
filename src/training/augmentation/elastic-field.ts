import type { Random } from '../random.js';
import { GaussianBlur } from './gaussian-blur.js';
import type { DisplacementField } from './resample.js';
import type { AugmentationSettings } from './settings.js';

const NOMINAL_SIDE = 512;

/** Elastic deformation fields of one picture size (Simard 2003, as AugmentationSettings says); the memory is used again. */
export class ElasticField {
  private readonly field: DisplacementField;
  private readonly smoothing: GaussianBlur;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
    private readonly settings: AugmentationSettings['elastic'],
  ) {
    this.field = { right: new Float64Array(rows * columns), down: new Float64Array(rows * columns) };
    this.smoothing = new GaussianBlur(rows, columns);
  }

  /** The next field; it holds until the next one is drawn. */
  draw(random: Random): DisplacementField {
    const scale = Math.max(this.rows, this.columns) / NOMINAL_SIDE;
    const alpha = this.settings.alpha * scale;
    for (const direction of [this.field.right, this.field.down]) {
      // The factor goes with the noise: smoothing is linear.
      for (let i = 0; i < direction.length; i++) direction[i] = alpha * (2 * random.uniform() - 1);
      this.smoothing.blur(direction, this.settings.sigma * scale, direction);
    }
    return this.field;
  }
}
