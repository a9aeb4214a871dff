import type { ModelPreparation, Normalisation } from '../model-card.js';
import { extremes } from './extremes.js';
import { equalizeHistogram } from './histogram-equalization.js';
import { clipToPercentiles } from './percentiles.js';

/**
 * Clips and scales a picture's values as the model's card asks, in place; values of several channels count together.
 * @param padding  1 where a pixel is no picture, for one plane: it counts for no statistic and gets the picture's lowest value
 */
export function normalisePicture(
  values: Float64Array,
  { normalisation, clipPercentiles }: Pick<ModelPreparation, 'normalisation' | 'clipPercentiles'>,
  padding?: Uint8Array,
): void {
  if (normalisation === 'none' && clipPercentiles === undefined) return;
  const counted = padding === undefined ? values : pictureOf(values, padding);
  if (counted.length === 0) return;
  if (clipPercentiles !== undefined) clipToPercentiles(counted, clipPercentiles);
  normalise(counted, normalisation);
  if (padding !== undefined) putBack(values, counted, padding);
}

/** Scales values, in place. */
export function normalise(values: Float64Array, normalisation: Normalisation): void {
  if (normalisation === 'z_score') zScore(values);
  if (normalisation === 'min_max') minMax(values);
  if (normalisation === 'histogram_equalization') equalizeHistogram(values);
}

/** (x − mean) / population standard deviation, in place; a constant image stays as it is. */
export function zScore(values: Float64Array): void {
  if (values.every((value) => value === values[0])) return; // rounding would give it a tiny deviation
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const off = values[i] - mean;
    squares += off * off;
  }
  const deviation = Math.sqrt(squares / values.length);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) / deviation;
}

/** (x − min) / (max − min), in place; a constant image stays as it is. */
export function minMax(values: Float64Array): void {
  const [low, high] = extremes(values);
  if (low === high) return;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - low) / (high - low);
}

/** The values whose pixel is picture, plane after plane; a new array. */
function pictureOf(values: Float64Array, padding: Uint8Array): Float64Array {
  const picture = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (padding[i % padding.length] === 0) picture[count++] = values[i];
  return picture.subarray(0, count);
}

function putBack(values: Float64Array, picture: Float64Array, padding: Uint8Array): void {
  const [lowest] = extremes(picture);
  let count = 0;
  for (let i = 0; i < values.length; i++) values[i] = padding[i % padding.length] === 0 ? picture[count++] : lowest;
}
