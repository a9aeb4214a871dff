import type { Random } from '../random.js';
import { affineOf, drawMovement, type Affine } from './affine.js';
import { ElasticField } from './elastic-field.js';
import { GaussianBlur } from './gaussian-blur.js';
import { changeIntensity, eraseRectangle } from './intensity.js';
import { resample, resampleMask, type DisplacementField } from './resample.js';
import { DEFAULT_AUGMENTATION, type AugmentationSettings } from './settings.js';

const AT_REST = { degrees: 0, zoom: 1, stretch: 1, right: 0, down: 0, flipped: false };

/**
 * Changes training pictures of one size at random: the same generator in the same state makes the same pictures. All that moves
 * pixels (rotation, zoom, stretch, shift, flip, elastic deformation) is one resampling; then blur, gamma, contrast, brightness, noise and
 * erasing, in this order. Holds its memory: make one for each size and use it again.
 */
export class Augmentation {
  private readonly elastic: ElasticField;
  private readonly blurring: GaussianBlur;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
    private readonly settings: AugmentationSettings = DEFAULT_AUGMENTATION,
  ) {
    this.elastic = new ElasticField(rows, columns, settings.elastic);
    this.blurring = new GaussianBlur(rows, columns);
  }

  /**
   * @param image  0..1, rows × columns, row by row; left as it is
   * @param into  memory for the result, other than `image`
   * @returns `into`, 0..1
   */
  augment(image: Float32Array, random: Random, into = new Float32Array(image.length)): Float32Array {
    const move = this.drawGeometry(random);
    if (move === undefined) into.set(image);
    else resample(image, this.rows, this.columns, move.map, move.field, into);
    this.changeValues(into, random);
    return into;
  }

  /**
   * As augment, with a mask (labels 0..255 of the same size) that is moved as the picture is; only movement changes it.
   * @returns new arrays
   */
  augmentWithMask(image: Float32Array, mask: Uint8Array, random: Random): { image: Float32Array; mask: Uint8Array } {
    const moved = { image: new Float32Array(image.length), mask: new Uint8Array(mask.length) };
    const move = this.drawGeometry(random);
    if (move === undefined) {
      moved.image.set(image);
      moved.mask.set(mask);
    } else {
      resample(image, this.rows, this.columns, move.map, move.field, moved.image);
      resampleMask(mask, this.rows, this.columns, move.map, move.field, moved.mask);
    }
    this.changeValues(moved.image, random);
    return moved;
  }

  private drawGeometry(random: Random): { map: Affine; field: DisplacementField | undefined } | undefined {
    const movement = drawMovement(this.settings, this.rows, this.columns, random);
    const field = random.chance(this.settings.elastic.probability) ? this.elastic.draw(random) : undefined;
    if (movement === undefined && field === undefined) return undefined;
    return { map: affineOf(movement ?? AT_REST, this.rows, this.columns), field };
  }

  private changeValues(image: Float32Array, random: Random): void {
    const { blur, erasing } = this.settings;
    if (random.chance(blur.probability)) this.blurring.blur(image, random.between(blur.least, blur.most), image);
    changeIntensity(image, this.settings, random);
    if (random.chance(erasing.probability))
      eraseRectangle(image, this.rows, this.columns, random.between(erasing.least, erasing.most), random);
  }
}
