import type { ImageQuality } from '../reading.js';
import { burntInTextShare } from './burnt-in-text.js';
import type { Picture } from './display-image.js';
import { filterSums, filterSumsInside } from './quality-filters.js';
import type { StoredImage } from './stored-image.js';

const POINTS_EACH = 25;

/**
 * All that is measured on one image: the four measures with their score, and what is told beside them.
 * @param shown  the picture as a reader would see it, 0..1, not yet normalised; of colour, its luminance is measured
 */
export function imageQuality(shown: Picture, image: StoredImage): ImageQuality {
  const { rows, columns, padding } = shown;
  const grey = greyOf(shown);
  const saturation = saturationOf(image, padding);
  return {
    ...measureQuality(rows, columns, grey, padding),
    clippedShare: clippedShare(grey, padding),
    ...(saturation !== undefined && { saturation }),
    burntInTextShare: burntInTextShare(rows, columns, grey),
  };
}

/**
 * The four quality measures of an image and their score (thresholds in ImageQuality), at full resolution and before
 * normalisation. Neighbourhoods reflect at the border without repeating it (OpenCV BORDER_REFLECT_101).
 * @param values  0..1, rows × columns, row by row
 * @param padding  1 where a pixel is none of the picture: it counts for nothing
 */
export function measureQuality(rows: number, columns: number, values: Float64Array, padding?: Uint8Array): ImageQuality {
  const { sum, squares, pixels } = sums(values, padding);
  const mean = sum / pixels;
  const contrast = deviation(sum, squares, pixels) / (mean + 1e-8);
  const edges = padding === undefined ? filterSums(rows, columns, values) : filterSumsInside(rows, columns, values, padding);
  const sharpness = deviation(edges.laplacian, edges.laplacianSquares, edges.pixels) ** 2;
  const noise = deviation(edges.highPass, edges.highPassSquares, edges.pixels);
  const passes = {
    contrast: contrast > 0.3,
    sharpness: sharpness > 0.1,
    noise: noise < 0.1,
    brightness: mean >= 0.2 && mean <= 0.8,
  };
  const score = POINTS_EACH * Object.values(passes).filter(Boolean).length;
  return { contrast, sharpness, noise, brightness: mean, passes, score };
}

/** Share of the picture's pixels that are black or white to the end (≤ 0 or ≥ 1): detail may be lost there. Padding is no picture. */
export function clippedShare(values: Float64Array, padding?: Uint8Array): number {
  let clipped = 0;
  let pixels = values.length;
  for (let i = 0; i < values.length; i++) {
    if (padding !== undefined && padding[i] === 1) pixels--;
    else if (values[i] <= 0 || values[i] >= 1) clipped++;
  }
  return pixels === 0 ? 0 : clipped / pixels;
}

/**
 * Colour: the mean of HSV's saturation, (max − min) / max, 0 for black: 0 for a grey picture stored as colour. Grey: the share
 * of pixels at the greatest value that Bits Stored can hold, where the detector or the file could say no more; undefined for
 * floating point, which has no such end.
 */
export function saturationOf({ samplesPerPixel, samples, greatestStoredValue }: StoredImage, padding?: Uint8Array): number | undefined {
  if (samplesPerPixel === 1) return greatestStoredValue === undefined ? undefined : shareOf(samples, greatestStoredValue, padding);
  let sum = 0;
  for (let i = 0; i < samples.length; i += 3) {
    const greatest = Math.max(samples[i], samples[i + 1], samples[i + 2]);
    const least = Math.min(samples[i], samples[i + 1], samples[i + 2]);
    if (greatest > 0) sum += (greatest - least) / greatest;
  }
  return (3 * sum) / samples.length;
}

function shareOf(samples: StoredImage['samples'], value: number, padding?: Uint8Array): number {
  let [count, pixels] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (padding?.[i] === 1) continue;
    pixels++;
    if (samples[i] === value) count++;
  }
  return pixels === 0 ? 0 : count / pixels;
}

/** The picture's luminance: what quality is measured on. */
function greyOf({ channels, values }: Picture): Float64Array {
  if (channels === 1) return values;
  const plane = values.length / 3;
  const grey = new Float64Array(plane);
  for (let i = 0; i < plane; i++) grey[i] = 0.299 * values[i] + 0.587 * values[plane + i] + 0.114 * values[2 * plane + i];
  return grey;
}

function sums(values: Float64Array, padding?: Uint8Array): { sum: number; squares: number; pixels: number } {
  let sum = 0;
  let squares = 0;
  let pixels = 0;
  for (let i = 0; i < values.length; i++) {
    if (padding?.[i] === 1) continue;
    pixels++;
    sum += values[i];
    squares += values[i] * values[i];
  }
  return { sum, squares, pixels: Math.max(1, pixels) };
}

/** Population standard deviation; rounding may leave a constant image a hair below 0. */
function deviation(sum: number, squares: number, count: number): number {
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
