import type { ModelPreparation } from '../model-card.js';
import type { ImageQuality } from '../reading.js';
import { displayImage, type DisplayImage } from './display-image.js';
import { normalise } from './normalisation.js';
import { measureQuality } from './quality.js';
import { resize } from './resize.js';
import type { StoredImage } from './stored-image.js';

export interface PreparedImage {
  /** The model's `images`, channel after channel, row by row. */
  readonly images: Float32Array;
  /** [1, channels, rows, columns] */
  readonly dims: readonly [number, number, number, number];
  /** Of the picture at full resolution in 0..1, before normalisation and resizing. */
  readonly quality: ImageQuality;
}

/**
 * Makes a stored frame the model's input: to 0..1 (displayImage), normalise at full resolution, stretch to the model's
 * size. Grey is repeated where the model wants three channels; colour becomes luminance where it wants one.
 * @throws ImageUnpreparable, WindowInvalid
 */
export function prepareImage(image: StoredImage, preparation: ModelPreparation): PreparedImage {
  const { rows, columns, channels } = preparation;
  const display = displayImage(image, channels);
  const quality = measureQuality(display.rows, display.columns, greyOf(display));
  normalise(display.values, preparation.normalisation);
  const images = new Float32Array(channels * rows * columns);
  const plane = display.rows * display.columns;
  for (let channel = 0; channel < display.channels; channel++) {
    const source = display.values.subarray(channel * plane, (channel + 1) * plane);
    images.set(resize(source, display, preparation, preparation.resize), channel * rows * columns);
  }
  for (let channel = display.channels; channel < channels; channel++) images.copyWithin(channel * rows * columns, 0, rows * columns);
  return { images, dims: [1, channels, rows, columns], quality };
}

/** The picture's luminance: what quality is measured on. */
function greyOf({ channels, values }: DisplayImage): Float64Array {
  if (channels === 1) return values;
  const plane = values.length / 3;
  const grey = new Float64Array(plane);
  for (let i = 0; i < plane; i++) grey[i] = 0.299 * values[i] + 0.587 * values[plane + i] + 0.114 * values[2 * plane + i];
  return grey;
}
