import type { ModelPreparation } from '../model-card.js';
import type { ImageQuality } from '../reading.js';
import { AS_SHOWN, displayImage, type Picture } from './display-image.js';
import { normalisePicture } from './normalisation.js';
import { placeOf, type Place } from './placing.js';
import { imageQuality } from './quality.js';
import { resizeInto, type ResizeMethod, type Size } from './resize.js';
import type { StoredImage } from './stored-image.js';
import { isEven } from './is-even.js';
import { WindowInvalid } from './faults.js';

export interface PreparedImage {
  /** The model's `images`, channel after channel, row by row. */
  readonly images: Float32Array;
  /** [1, channels, rows, columns] */
  readonly dims: readonly [number, number, number, number];
  /** Of the picture at full resolution as it is shown, in 0..1, whatever values the model takes. */
  readonly quality: ImageQuality;
  /** Whether the picture, as the model takes its values, has one value everywhere. */
  readonly isEven: boolean;
}

/**
 * Makes a stored frame the model's input: its values (displayImage), normalised at full resolution and resized, or the other
 * way round, scaled and laid into the input. One plane is repeated where the model wants three; colour becomes luminance where
 * it wants one.
 * @throws ImageUnpreparable, WindowInvalid
 */
export function prepareImage(image: StoredImage, preparation: ModelPreparation): PreparedImage {
  const { rows, columns, channels, values = AS_SHOWN } = preparation;
  const picture = displayImage(image, channels, values, pictureMemory(image));
  const even = isEven(picture.values, picture.channels, picture.padding);
  const asShown = values.from === 'image' && values.form === 'exact' ? picture : shownPicture(image);
  const quality = imageQuality(asShown, image); // before its values are normalised in place
  const place = placeOf(picture, preparation, preparation.aspect);
  const made = normalisedAndResized(picture, preparation, place);
  const images = new Float32Array(channels * rows * columns);
  if (place.rows !== rows || place.columns !== columns) images.fill(preparation.padding ?? 0);
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel % picture.channels;
    const mean = preparation.scale?.mean[channel] ?? 0;
    const deviation = preparation.scale?.deviation[channel] ?? 1;
    lay(made, plane, place, images.subarray(channel * rows * columns, (channel + 1) * rows * columns), columns, mean, deviation);
  }
  return { images, dims: [1, channels, rows, columns], quality, isEven: even };
}

/** As a reader would see it; of a window that means nothing, which the model may not need, from the least to the greatest value. */
function shownPicture(image: StoredImage): Picture {
  try {
    return displayImage(image, 1);
  } catch (fault) {
    if (!(fault instanceof WindowInvalid)) throw fault;
    return displayImage({ ...image, windowCenter: undefined, windowWidth: undefined }, 1);
  }
}

let kept = new WeakRef(new Float64Array(0));

/** Memory for a picture that is done with when prepareImage is: pages new from the system cost more than all the arithmetic. */
function pictureMemory({ samples, samplesPerPixel }: StoredImage): Float64Array | undefined {
  if (samplesPerPixel !== 1) return undefined;
  const size = samples.length;
  let memory = kept.deref();
  if (memory === undefined || memory.length < size) {
    memory = new Float64Array(size);
    kept = new WeakRef(memory); // let go when memory is short, or nothing is read for long
  }
  return memory.subarray(0, size);
}

/** The picture's planes at the size of their place; the picture's own values are changed on the way. */
function normalisedAndResized(picture: Picture, preparation: ModelPreparation, place: Size): Float64Array {
  const { order = 'normalise-then-resize', resize: method } = preparation;
  if (order === 'normalise-then-resize') {
    normalisePicture(picture.values, preparation, picture.padding);
    return resizedPlanes(picture, place, method);
  }
  const resized = resizedPlanes(picture, place, method);
  normalisePicture(resized, preparation, picture.padding && resizedPadding(picture.padding, picture, place));
  return resized;
}

function resizedPlanes({ rows, columns, channels, values }: Picture, place: Size, method: ResizeMethod): Float64Array {
  const size = rows * columns;
  const placeSize = place.rows * place.columns;
  const resized = new Float64Array(channels * placeSize);
  for (let channel = 0; channel < channels; channel++) {
    const source = values.subarray(channel * size, (channel + 1) * size);
    resizeInto(resized.subarray(channel * placeSize, (channel + 1) * placeSize), source, { rows, columns }, place, method);
  }
  return resized;
}

/** A resized pixel is padding where more than half of what it covers is. */
function resizedPadding(padding: Uint8Array, source: Size, place: Size): Uint8Array {
  const share = new Float64Array(place.rows * place.columns);
  resizeInto(share, new Float64Array(padding), source, place, 'area');
  return Uint8Array.from(share, (covered) => (covered > 0.5 ? 1 : 0));
}

/** Writes one plane into its place of one channel of the input. */
function lay(made: Float64Array, plane: number, place: Place, into: Float32Array, columns: number, mean: number, deviation: number): void {
  let from = plane * place.rows * place.columns;
  for (let y = 0; y < place.rows; y++) {
    const at = (place.top + y) * columns + place.left;
    for (let x = 0; x < place.columns; x++, from++) into[at + x] = (made[from] - mean) / deviation;
  }
}
