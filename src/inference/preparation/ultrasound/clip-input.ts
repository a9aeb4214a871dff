import { luminance } from '../display-image.js';
import { ImageUnpreparable } from '../faults.js';
import { normalise } from '../normalisation.js';
import { resize } from '../resize.js';
import type { StoredImage } from '../stored-image.js';
import { cutOut, type ClipExtent } from './clip-extent.js';
import type { ClipPreparation } from './clip-preparation.js';
import { maskOutside, type UltrasoundRegion } from './ultrasound-regions.js';

export interface ClipInput {
  /** The model's `images`, frame after frame, channel after channel, row by row. */
  readonly images: Float32Array;
  /** [1, frames, channels, rows, columns] */
  readonly dims: readonly [number, number, number, number, number];
}

/**
 * Makes the frames of a clip a model's input: what is outside of the regions 0, to the model's size by area averages
 * (stretched), the whole clip to 0..1 by one range, so that brightness changes in time stay what they are: RGB of 8 bits by
 * 0..255, grey by the clip's own least and greatest value after rescaling, the mask left out; then normalised as one.
 * @param frames  as many as the card's, of one size and kind, in order
 * @param regions  what to keep; undefined: everything
 * @param extent  the part of each frame that is shown; undefined: the whole
 * @throws ImageUnpreparable  frames that differ in size or kind, or in number from the card's
 */
export function clipInput(
  frames: readonly StoredImage[],
  regions: readonly UltrasoundRegion[] | undefined,
  card: ClipPreparation,
  extent?: ClipExtent,
): ClipInput {
  const { rows, columns, channels } = card;
  const [first] = frames;
  if (frames.length !== card.frames) throw new ImageUnpreparable('The clip has another number of frames than the model takes.');
  if (
    frames.some((frame) => frame.rows !== first.rows || frame.columns !== first.columns || frame.samplesPerPixel !== first.samplesPerPixel)
  )
    throw new ImageUnpreparable('The frames of the clip differ in size or in colour.');
  const plane = rows * columns;
  const clip = new Float64Array(card.frames * channels * plane);
  const range = first.samplesPerPixel === 3 ? { low: 0, high: 255 } : greyRange(frames, regions);
  frames.forEach((frame, t) => {
    const values = planesOf(frame, channels);
    for (let i = 0; i < values.length; i++) values[i] = range.high > range.low ? (values[i] - range.low) / (range.high - range.low) : 0;
    if (frame.photometricInterpretation === 'MONOCHROME1') for (let i = 0; i < values.length; i++) values[i] = 1 - values[i];
    if (regions !== undefined) maskOutside(values, frame, regions);
    const size = frame.rows * frame.columns;
    for (let channel = 0; channel < channels; channel++) {
      const from = values.length > size ? channel * size : 0; // grey is repeated
      const whole = values.subarray(from, from + size);
      const part = extent === undefined ? whole : cutOut(whole, frame, extent);
      clip.set(resize(part, extent ?? frame, card, 'area'), (t * channels + channel) * plane);
    }
  });
  normalise(clip, card.normalisation);
  return { images: Float32Array.from(clip), dims: [1, card.frames, channels, rows, columns] };
}

/** One channel, or three of colour where the model wants colour. */
function planesOf({ samples, samplesPerPixel, slope = 1, intercept = 0 }: StoredImage, channels: 1 | 3): Float64Array {
  if (samplesPerPixel === 1) return Float64Array.from(samples, (stored) => stored * slope + intercept);
  if (channels === 1) return luminance(samples);
  const size = samples.length / 3;
  const planes = new Float64Array(samples.length);
  for (let i = 0; i < size; i++) for (let channel = 0; channel < 3; channel++) planes[channel * size + i] = samples[i * 3 + channel];
  return planes;
}

function greyRange(frames: readonly StoredImage[], regions: readonly UltrasoundRegion[] | undefined): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const frame of frames) {
    const values = planesOf(frame, 1);
    for (const { x0, y0, x1, y1 } of regions ?? [{ x0: 0, y0: 0, x1: frame.columns - 1, y1: frame.rows - 1 }])
      for (let y = y0; y <= y1; y++)
        for (let x = x0; x <= x1; x++) {
          const value = values[y * frame.columns + x];
          if (value < low) low = value;
          if (value > high) high = value;
        }
  }
  return { low, high };
}
