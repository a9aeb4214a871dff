import type { ModelPreparation } from '../../inference/model-card.js';
import { Augmentation } from '../augmentation/augmentation.js';
import type { AugmentationSettings } from '../augmentation/settings.js';
import { Random } from '../random.js';
import type { Batch } from '../step/trainer.js';
import { finish, type Picture } from './pictures.js';

export interface BatchForm {
  readonly preparation: ModelPreparation;
  readonly classes: number;
  readonly size: number;
  readonly augmentation: AugmentationSettings;
  /** Share of the target that is spread over the other classes (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  readonly seed: number;
}

/**
 * The pictures of an epoch in an order and with changes that seed and epoch decide: an epoch that is taken up again is
 * the same. What does not fill a batch waits for another epoch.
 */
export class Batches {
  private readonly augmentation: Augmentation;
  /** Of each class, so that all classes count alike: count / (classes × own count). */
  private readonly classWeights: readonly number[];

  constructor(
    private readonly pictures: readonly Picture[],
    private readonly form: BatchForm,
  ) {
    const { preparation, augmentation, classes } = form;
    this.augmentation = new Augmentation(preparation.rows, preparation.columns, augmentation);
    const counts = Array.from({ length: classes }, (_, k) => pictures.filter(({ label }) => label === k).length);
    this.classWeights = counts.map((count) => pictures.length / (classes * count));
  }

  /** In one epoch. */
  get count(): number {
    return Math.floor(this.pictures.length / this.form.size);
  }

  *epoch(epoch: number): Generator<Batch & { readonly labels: readonly number[] }> {
    const random = Random.named(this.form.seed, `epoch ${epoch}`);
    const order = random.permutation(this.pictures.length);
    for (let batch = 0; batch < this.count; batch++) {
      const chosen = Array.from(order.subarray(batch * this.form.size, (batch + 1) * this.form.size), (i) => this.pictures[i]);
      yield this.batchOf(chosen, random);
    }
  }

  private batchOf(chosen: readonly Picture[], random: Random): Batch & { readonly labels: readonly number[] } {
    const { classes, labelSmoothing, preparation } = this.form;
    const length = chosen[0].planes.length;
    const images = new Float32Array(chosen.length * length);
    const targets = new Float32Array(chosen.length * classes).fill(labelSmoothing / classes);
    chosen.forEach(({ planes, label }, i) => {
      finish(this.changed(planes, random), preparation, images.subarray(i * length, (i + 1) * length));
      targets[i * classes + label] += 1 - labelSmoothing;
    });
    const labels = chosen.map(({ label }) => label);
    return { images, targets, weights: Float32Array.from(labels, (label) => this.classWeights[label]), labels };
  }

  /** All planes of a picture by the same draws. */
  private changed(planes: Float32Array, random: Random): Float32Array {
    const { channels, rows, columns } = this.form.preparation;
    const changed = new Float32Array(planes.length);
    const before = random.state();
    for (let channel = 0; channel < channels; channel++) {
      const part = [channel * rows * columns, (channel + 1) * rows * columns] as const;
      this.augmentation.augment(planes.subarray(...part), channel === 0 ? random : Random.from(before), changed.subarray(...part));
    }
    return changed;
  }
}
