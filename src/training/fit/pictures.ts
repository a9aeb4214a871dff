import type { ModelPreparation } from '../../inference/model-card.js';
import { normalisePicture } from '../../inference/preparation/normalisation.js';
import { prepareImage } from '../../inference/preparation/prepare-image.js';
import type { LabelledImage } from '../datasets/labelled-image.js';

/**
 * A labelled picture as training keeps it: at the model's size, in 0..1, not yet normalised, so that it can be changed
 * (augmentation) where a server's picture would not have been normalised yet either.
 */
export interface Picture {
  /** [channels, rows, columns], 0..1 */
  readonly planes: Float32Array;
  readonly label: number;
  readonly source: Omit<LabelledImage, 'image'>;
}

/** A card's preparation without its last steps: see `finish`. */
const unfinished = ({ scale: _scale, clipPercentiles: _clip, ...preparation }: ModelPreparation): ModelPreparation => ({
  ...preparation,
  normalisation: 'none',
});

export function pictureOf({ image, ...source }: LabelledImage, preparation: ModelPreparation): Picture {
  return { planes: prepareImage(image, unfinished(preparation)).images, label: source.label, source };
}

/**
 * Normalises and scales planes as prepareImage does where the card resizes first: after this they are what the server
 * would give the model.
 * @param planes  [channels, rows, columns], 0..1
 */
export function finish(planes: Float32Array, preparation: ModelPreparation, into: Float32Array): void {
  const { channels, rows, columns, scale } = preparation;
  const values = Float64Array.from(planes);
  normalisePicture(values, preparation, undefined);
  const plane = rows * columns;
  for (let channel = 0; channel < channels; channel++) {
    const mean = scale?.mean[channel] ?? 0;
    const deviation = scale?.deviation[channel] ?? 1;
    for (let i = channel * plane; i < (channel + 1) * plane; i++) into[i] = (values[i] - mean) / deviation;
  }
}
