import type { GreyValues } from '../model-card.js';
import { extremes } from './extremes.js';
import { ImageUnpreparable } from './faults.js';
import { greyPlanes } from './grey-values.js';
import { checkStoredImage, type StoredImage } from './stored-image.js';
import { scaleToUnit } from './window.js';

/** A picture in planes, at full resolution and in double precision. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  /** Planes: 1, 3 of colour, or one for each window of a model's card. */
  readonly channels: number;
  /** Row by row, channel after channel. */
  readonly values: Float64Array;
  /** 1 where a pixel is padding, not picture (PS3.3 C.7.5.1.1.2), rows × columns; undefined where none is. */
  readonly padding: Uint8Array | undefined;
}

/** As a reader would see it: 0 black, 1 white. */
export const AS_SHOWN: GreyValues = { from: 'image', form: 'exact' };

/**
 * From stored values to a picture. Grey: greyPlanes; colour: 0..1 from the minimum to the maximum of all channels together,
 * since neither a Modality LUT nor a window has a meaning there (PS3.3 C.11.1, C.11.2).
 * @param channels  1: colour becomes luminance first (ITU-R BT.601); more: grey is not repeated here
 * @param memory  of rows × columns values that a picture of one plane may be written to, and then holds
 * @throws ImageUnpreparable, WindowInvalid
 */
export function displayImage(image: StoredImage, channels: number, from: GreyValues = AS_SHOWN, memory?: Float64Array): Picture {
  checkStoredImage(image);
  const { rows, columns } = image;
  const size = rows * columns;
  if (image.samplesPerPixel === 1) {
    const { values, padding } = greyPlanes(image, from, memory);
    return { rows, columns, channels: values.length / size, values, padding };
  }
  if (from.from !== 'image') throw new ImageUnpreparable('The model takes modality values, which colour has not.');
  const values = channels === 1 ? luminance(image.samples) : planes(image.samples);
  const [low, high] = extremes(values);
  scaleToUnit(values, { low, high });
  return { rows, columns, channels: values.length / size, values, padding: undefined };
}

/** Luminance of pixels given by pixel (R, G, B, R, …), ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B. */
export function luminance(samples: ArrayLike<number>): Float64Array {
  const values = new Float64Array(samples.length / 3);
  for (let i = 0, s = 0; i < values.length; i++, s += 3) values[i] = 0.299 * samples[s] + 0.587 * samples[s + 1] + 0.114 * samples[s + 2];
  return values;
}

function planes(samples: ArrayLike<number>): Float64Array {
  const size = samples.length / 3;
  const values = new Float64Array(samples.length);
  for (let i = 0; i < size; i++) for (let channel = 0; channel < 3; channel++) values[channel * size + i] = samples[i * 3 + channel];
  return values;
}
