import type { Random } from '../random.js';
import type { AugmentationSettings } from './settings.js';

/** x^gamma, in place. @param image  0..1 */
export function applyGamma(image: Float32Array, gamma: number): void {
  for (let i = 0; i < image.length; i++) image[i] = image[i] ** gamma;
}

/** mean + factor × (x − mean), in place; may leave 0..1. */
export function changeContrast(image: Float32Array, factor: number): void {
  const mean = meanOf(image);
  for (let i = 0; i < image.length; i++) image[i] = mean + factor * (image[i] - mean);
}

/** factor × x, cut off at 0 and 1, in place. */
export function changeBrightness(image: Float32Array, factor: number): void {
  for (let i = 0; i < image.length; i++) image[i] = clip(factor * image[i]);
}

/** x + normal noise, cut off at 0 and 1, in place. @param deviation  its standard deviation */
export function addNoise(image: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < image.length; i++) image[i] = clip(image[i] + deviation * random.normal());
}

/** The longer side is at the most three times the shorter. */
const LONGEST = 3;

/** One rectangle, wholly within the picture, becomes the picture's mean, in place. @param share  of the area */
export function eraseRectangle(image: Float32Array, rows: number, columns: number, share: number, random: Random): void {
  const shape = LONGEST ** random.between(-1, 1);
  const side = (length: number, factor: number): number => Math.min(length, Math.max(1, Math.round(factor)));
  const height = side(rows, Math.sqrt(share * rows * columns * shape));
  const width = side(columns, Math.sqrt((share * rows * columns) / shape));
  const top = random.integer(rows - height + 1);
  const left = random.integer(columns - width + 1);
  const mean = meanOf(image);
  for (let y = top; y < top + height; y++) image.fill(mean, y * columns + left, y * columns + left + width);
}

/** All changes of a picture's values, in the order that they are made; each is drawn whether or not it is. */
export function changeIntensity(image: Float32Array, { gamma, contrast, brightness, noise }: AugmentationSettings, random: Random): void {
  const [withGamma, withContrast, withBrightness, withNoise] = [gamma, contrast, brightness, noise].map((change) => ({
    happens: random.chance(change.probability),
    by: random.between(change.least, change.most),
  }));
  if (withGamma.happens) applyGamma(image, withGamma.by);
  if (withContrast.happens) changeContrast(image, withContrast.by);
  if (withBrightness.happens) changeBrightness(image, withBrightness.by);
  else if (withContrast.happens) changeBrightness(image, 1);
  if (withNoise.happens) addNoise(image, withNoise.by, random);
}

function meanOf(image: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < image.length; i++) sum += image[i];
  return sum / image.length;
}

const clip = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);
