import { lookUp } from '../../dicom/lookup-table.js';
import type { GreyValues, WindowForm } from '../model-card.js';
import { ImageUnpreparable, WindowInvalid } from './faults.js';
import { storedDomain, type StoredDomain } from './stored-domain.js';
import type { StoredImage } from './stored-image.js';
import { RANGE_OF, scaleToUnit, scaleToUnitInverted, sigmoidToUnit, windowRange, type ValueRange } from './window.js';

/** One plane of values for each channel that grey becomes, and which pixels are not picture. */
export interface GreyPlanes {
  /** Plane after plane, each row by row. */
  readonly values: Float64Array;
  /** 1 where a pixel is padding; undefined where none is. */
  readonly padding: Uint8Array | undefined;
}

/**
 * The grey values that a model asks for, at full resolution and in double precision. Everything starts with the Modality LUT,
 * else rescale slope and intercept (PS3.3 C.11.1).
 * - `image`: 0..1 as the image is meant to be shown (toUnit); padding becomes 0.
 * - `windows`: 0..1 through each of the model's windows, a plane each; MONOCHROME1 is turned round after it. Padding becomes 0.
 * - `modality`: as they are, HU for CT; MONOCHROME1, which says how values are shown, changes nothing. Padding becomes the
 *   picture's lowest value.
 * @param memory  of rows × columns values that one plane may be written to
 * @throws ImageUnpreparable, WindowInvalid
 */
export function greyPlanes(image: StoredImage, from: GreyValues, memory?: Float64Array): GreyPlanes {
  const range = paddingOf(image);
  const padding = range && paddingMask(image, range);
  const domain = storedDomain(image.samples, padding && range);
  const modality = domain.stored;
  applyModality(modality, image);
  if (from.from === 'modality') return { values: blackened(domain.spread(modality, memory), padding, extent(modality, domain)), padding };
  if (from.from === 'image') {
    toUnit(modality, image, from.form, domain);
    return { values: blackened(domain.spread(modality, memory), padding), padding };
  }
  const pixels = image.samples.length;
  const values = new Float64Array(pixels * from.windows.length);
  from.windows.forEach(({ windowCenter, windowWidth }, plane) => {
    const shown = modality.slice();
    scale(shown, RANGE_OF[from.form](windowCenter, windowWidth), image);
    values.set(blackened(domain.spread(shown), padding), plane * pixels);
  });
  return { values, padding };
}

/** Stored values become those after the Modality LUT, in place. */
function applyModality(values: Float64Array, { slope = 1, intercept = 0, modalityLut }: StoredImage): void {
  if (modalityLut !== undefined) {
    const { firstStoredValue, values: entries } = modalityLut;
    const last = entries.length - 1;
    for (let i = 0; i < values.length; i++) values[i] = entries[Math.min(last, Math.max(0, Math.trunc(values[i]) - firstStoredValue))];
  } else if (slope !== 1 || intercept !== 0) {
    for (let i = 0; i < values.length; i++) values[i] = values[i] * slope + intercept;
  }
}

/**
 * Modality values to 0..1 as the image is meant to be shown, in place:
 * 1. through its window: SIGMOID as the clause has it (PS3.3 C.11.2.1.3.1); LINEAR and LINEAR_EXACT clip to centre ± width / 2
 *    (form `exact`), or as the image's function says (form `linear`);
 * 2. else through its VOI LUT, whose output 0..2^bits − 1 becomes 0..1 (PS3.3 C.11.2.1.1);
 * 3. else from its own minimum to its maximum, padding left out; an image of one single value becomes 0 throughout.
 * MONOCHROME1 (PS3.3 C.7.6.3.1.2: the lowest value is white) is turned round at the end, 1 − y: a window is given in values
 * before inversion. Without a window this equals max − x scaled to 0..1.
 */
function toUnit(values: Float64Array, image: StoredImage, form: WindowForm, domain: StoredDomain): void {
  const { windowCenter, windowWidth, voiLut, voiLutFunction = 'LINEAR' } = image;
  if (windowCenter === undefined && windowWidth === undefined) {
    if (voiLut === undefined) return scaleToExtent(values, extent(values, domain), image);
    for (let i = 0; i < values.length; i++) values[i] = lookUp(voiLut, values[i]);
    return scale(values, { low: 0, high: 2 ** voiLut.bits - 1 }, image);
  }
  if (windowCenter === undefined || windowWidth === undefined) throw new WindowInvalid();
  if (voiLutFunction === 'SIGMOID') {
    sigmoidToUnit(values, windowCenter, windowWidth);
    return scale(values, { low: 0, high: 1 }, image);
  }
  const range = voiLutFunction === 'LINEAR_EXACT' ? windowRange : RANGE_OF[form];
  scale(values, range(windowCenter, windowWidth), image);
}

function scale(values: Float64Array, range: ValueRange, { photometricInterpretation }: StoredImage): void {
  if (photometricInterpretation === 'MONOCHROME1') scaleToUnitInverted(values, range);
  else scaleToUnit(values, range);
}

function scaleToExtent(values: Float64Array, range: ValueRange, image: StoredImage): void {
  if (range.low === range.high) values.fill(0);
  else scale(values, range, image);
}

function paddingOf({ pixelPaddingValue: value, pixelPaddingRangeLimit: limit }: StoredImage): ValueRange | undefined {
  if (value === undefined) return undefined;
  return { low: Math.min(value, limit ?? value), high: Math.max(value, limit ?? value) };
}

function paddingMask({ samples }: StoredImage, { low, high }: ValueRange): Uint8Array | undefined {
  const mask = new Uint8Array(samples.length);
  let found = 0;
  for (let i = 0; i < mask.length; i++) {
    const isPadding = samples[i] >= low && samples[i] <= high ? 1 : 0;
    mask[i] = isPadding;
    found += isPadding;
  }
  return found === 0 ? undefined : mask;
}

/** Least and greatest of the values that are picture. */
function extent(values: Float64Array, { counts }: StoredDomain): ValueRange {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (counts !== undefined && counts[i] === 0) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  if (low > high) throw new ImageUnpreparable('Every pixel is padding: there is no picture.');
  return { low, high };
}

function blackened(values: Float64Array, padding: Uint8Array | undefined, { low }: Pick<ValueRange, 'low'> = { low: 0 }): Float64Array {
  if (padding !== undefined) for (let i = 0; i < values.length; i++) if (padding[i] === 1) values[i] = low;
  return values;
}
