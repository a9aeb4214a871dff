import type { ModelPreparation } from '../../inference/model-card.js';
import { Augmentation } from '../augmentation/augmentation.js';
import type { AugmentationSettings } from '../augmentation/settings.js';
import { Random } from '../random.js';
import type { Batch } from '../step/trainer.js';
import { finish, type Picture } from './pictures.js';
import { coveredShares, regionMask } from './region-mask.js';

export interface BatchForm {
  readonly preparation: ModelPreparation;
  readonly classes: number;
  readonly size: number;
  readonly augmentation: AugmentationSettings;
  /** Share of the target that is spread over the other classes (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  readonly seed: number;
  /** Values of the attribute that the insights are to tell apart; none: the classes themselves. */
  readonly insightValues: readonly string[];
  /** Shape of the attention map, [rows, columns], where it is taught where the finding lies. */
  readonly taughtMap: readonly [number, number] | undefined;
  readonly insightAttribute: string | undefined;
}

type LabelledBatch = Batch & { readonly labels: readonly number[] };

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

  *epoch(epoch: number): Generator<LabelledBatch> {
    const random = Random.named(this.form.seed, `epoch ${epoch}`);
    const order = random.permutation(this.pictures.length);
    for (let batch = 0; batch < this.count; batch++) {
      const chosen = Array.from(order.subarray(batch * this.form.size, (batch + 1) * this.form.size), (i) => this.pictures[i]);
      yield this.batchOf(chosen, random);
    }
  }

  private batchOf(chosen: readonly Picture[], random: Random): LabelledBatch {
    const { classes, labelSmoothing, preparation, taughtMap } = this.form;
    const length = chosen[0].planes.length;
    const images = new Float32Array(chosen.length * length);
    const targets = new Float32Array(chosen.length * classes).fill(labelSmoothing / classes);
    const shares: Float32Array[] = [];
    chosen.forEach((picture, i) => {
      const { planes, mask } = this.changed(picture, random);
      finish(planes, preparation, images.subarray(i * length, (i + 1) * length));
      targets[i * classes + picture.label] += 1 - labelSmoothing;
      if (taughtMap !== undefined) shares.push(coveredShares(mask, preparation, taughtMap));
    });
    const labels = chosen.map(({ label }) => label);
    const weights = Float32Array.from(labels, (label) => this.classWeights[label]);
    const regionWeights = Float32Array.from(chosen, ({ source }) => (source.region === undefined ? 0 : 1));
    const regions = taughtMap && { shares: joined(shares), weights: regionWeights };
    return { images, targets, weights, insightTargets: this.insightTargets(chosen, targets), ...(regions && { regions }), labels };
  }

  private insightTargets(chosen: readonly Picture[], targets: Float32Array): Float32Array {
    const { insightValues, insightAttribute } = this.form;
    if (insightAttribute === undefined) return targets;
    const own = new Float32Array(chosen.length * insightValues.length);
    chosen.forEach(({ source }, i) => {
      const index = insightValues.indexOf(source.attributes[insightAttribute]);
      if (index >= 0) own[i * insightValues.length + index] = 1;
    });
    return own;
  }

  /** All planes of a picture, and the mask of its region where that is taught, by the same draws. */
  private changed({ planes, source }: Picture, random: Random): { planes: Float32Array; mask: Uint8Array } {
    const { preparation, taughtMap } = this.form;
    const { channels, rows, columns } = preparation;
    const size = rows * columns;
    const changed = new Float32Array(planes.length);
    let mask = new Uint8Array(0);
    const before = random.state();
    for (let channel = 0; channel < channels; channel++) {
      const own = channel === 0 ? random : Random.from(before);
      const plane = planes.subarray(channel * size, (channel + 1) * size);
      const into = changed.subarray(channel * size, (channel + 1) * size);
      if (taughtMap === undefined) this.augmentation.augment(plane, own, into);
      else {
        const moved = this.augmentation.augmentWithMask(plane, regionMask(source.region, rows, columns), own);
        into.set(moved.image);
        mask = new Uint8Array(moved.mask);
      }
    }
    return { planes: changed, mask };
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
