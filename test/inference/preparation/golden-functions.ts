import { storedValues } from '../../../src/dicom/stored-values.js';
import { rgbDisplay } from '../../../src/pixels/colour-display.js';
import type { DecodedFrame } from '../../../src/pixels/decoded-frame.js';
import type { GreyValues, ModelPreparation, Normalisation } from '../../../src/inference/model-card.js';
import { displayImage, luminance } from '../../../src/inference/preparation/display-image.js';
import { normalisePicture } from '../../../src/inference/preparation/normalisation.js';
import { clippedShare, measureQuality, saturationOf } from '../../../src/inference/preparation/quality.js';
import { prepareImage } from '../../../src/inference/preparation/prepare-image.js';
import { resizeInto, type ResizeMethod } from '../../../src/inference/preparation/resize.js';
import type { Samples, StoredImage } from '../../../src/inference/preparation/stored-image.js';
import { affineOf, type Movement } from '../../../src/training/augmentation/affine.js';
import { GaussianBlur } from '../../../src/training/augmentation/gaussian-blur.js';
import { resample } from '../../../src/training/augmentation/resample.js';
import { unpacked, type GoldenArray, type GoldenCase, type Packed } from './golden-file.js';

/** What this project makes of a case; parameters are as make-preparation.py names them. */
export function computeGolden({ function: name, parameters }: GoldenCase, picture: GoldenArray): ArrayLike<number> {
  const found = Object.entries(FUNCTIONS).find(([prefix]) => name.startsWith(prefix));
  if (found === undefined) throw new Error(`no function ${name}`);
  return found[1](picture, parameters, name);
}

type Parameters = Readonly<Record<string, unknown>>;
const numberOf = (parameters: Parameters, name: string): number => Number(parameters[name]);
const numbersOf = (parameters: Parameters, name: string): number[] => (parameters[name] as number[]).map(Number);

/** Longer names before those that they begin with. */
const FUNCTIONS: Readonly<Record<string, (picture: GoldenArray, parameters: Parameters, name: string) => ArrayLike<number>>> = {
  resize: (picture, parameters, name) => {
    const target = { rows: numberOf(parameters, 'rows'), columns: numberOf(parameters, 'columns') };
    const into = new Float64Array(target.rows * target.columns);
    resizeInto(into, picture.values, picture, target, name.slice('resize '.length) as ResizeMethod);
    return into;
  },
  window: (picture, parameters, name) => {
    const [windowCenter, windowWidth] = [numberOf(parameters, 'center'), numberOf(parameters, 'width')];
    const voiLutFunction = (['LINEAR_EXACT', 'SIGMOID'] as const).find((one) => name.endsWith(one)) ?? 'LINEAR';
    const form = name.endsWith('exact') ? 'exact' : 'linear';
    return shown(picture, { windowCenter, windowWidth, voiLutFunction }, { from: 'image', form });
  },
  'modality LUT': (picture, parameters) => {
    const modalityLut = { firstStoredValue: numberOf(parameters, 'first'), values: numbersOf(parameters, 'entries') };
    return shown(picture, { modalityLut }, { from: 'modality' });
  },
  rescale: (picture, parameters) =>
    shown(picture, { slope: numberOf(parameters, 'slope'), intercept: numberOf(parameters, 'intercept') }, { from: 'modality' }),
  'VOI LUT': (picture, parameters) => {
    const entries = Uint16Array.from(numbersOf(parameters, 'entries'));
    return shown(picture, { voiLut: { firstMapped: numberOf(parameters, 'first'), bits: numberOf(parameters, 'bits'), entries } });
  },
  'stored values': (picture, parameters) => storedValues(picture.bytes, layoutOf(parameters), picture.rows * picture.columns),
  luminance: ({ values }) => luminance(values),
  'HSV saturation': (picture) => [saturationOf({ ...imageOf(picture), samplesPerPixel: 3 }) ?? NaN],
  'YBR_FULL to RGB': (picture) => rgbDisplay(frameOf(picture, 3, 'YBR_FULL'), undefined),
  'PALETTE COLOR to RGB': (picture, parameters) => {
    const [red, green, blue] = (parameters['tables'] as number[][]).map((entries) => ({
      firstMapped: Number(parameters['first'] ?? 0),
      bits: 16,
      entries: Uint16Array.from(entries),
    }));
    return rgbDisplay(frameOf(picture, 1, 'PALETTE COLOR'), { red, green, blue });
  },
  prepare: (picture, parameters, name) => prepareImage(preparedFrom(picture, parameters, name), preparationOf(parameters, name)).images,
  'quality, padding left out': ({ rows, columns, values }, parameters) => {
    const unit = values.map((value) => Math.min(1, Math.max(0, (value + 1024) / 4024)));
    const padding = Uint8Array.from(values, (value) => (value === parameters['paddingValue'] ? 1 : 0));
    const { sharpness, noise, contrast, brightness } = measureQuality(rows, columns, unit, padding);
    return [sharpness, noise, contrast, brightness, clippedShare(unit, padding)];
  },
  'clip to percentiles': ({ values }, parameters) => {
    const clipped = values.slice();
    normalisePicture(clipped, { normalisation: 'none', clipPercentiles: [numberOf(parameters, 'low'), numberOf(parameters, 'high')] });
    return clipped;
  },
  z_score: normalised,
  min_max: normalised,
  histogram_equalization: normalised,
  'variance of the Laplacian': ({ rows, columns, values }) => [measureQuality(rows, columns, values).sharpness],
  'deviation of the high-pass': ({ rows, columns, values }) => [measureQuality(rows, columns, values).noise],
  'contrast and brightness': ({ rows, columns, values }) => {
    const { contrast, brightness } = measureQuality(rows, columns, values);
    return [contrast, brightness];
  },
  'clipped share': ({ values }) => [clippedShare(values)],
  'Gaussian blur': ({ rows, columns, values }, parameters) => {
    const blurred = new Float64Array(values.length);
    new GaussianBlur(rows, columns).blur(values, numberOf(parameters, 'sigma'), blurred);
    return blurred;
  },
  'affine resampling': ({ rows, columns, values }, parameters) => {
    const into = new Float32Array(values.length);
    const map = affineOf({ stretch: 1, ...parameters } as unknown as Movement, rows, columns); // named as Movement names them
    resample(Float32Array.from(values), rows, columns, map, undefined, into);
    return into;
  },
  'elastic resampling': ({ rows, columns, values }, parameters) => {
    const into = new Float32Array(values.length);
    const [right, down] = ['right', 'down'].map((name) => unpacked(parameters[name] as Packed).values);
    resample(Float32Array.from(values), rows, columns, { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 }, { right, down }, into);
    return into;
  },
};

/** The stored image of a case that goes the whole way. */
function preparedFrom(picture: GoldenArray, parameters: Parameters, name: string): StoredImage {
  const window =
    parameters['center'] === undefined ? {} : { windowCenter: numberOf(parameters, 'center'), windowWidth: numberOf(parameters, 'width') };
  const padding = parameters['paddingValue'] === undefined ? {} : { pixelPaddingValue: numberOf(parameters, 'paddingValue') };
  const photometricInterpretation = name.endsWith('MONOCHROME1') ? 'MONOCHROME1' : 'MONOCHROME2';
  return { ...imageOf(picture), photometricInterpretation, ...window, ...padding };
}

function preparationOf(parameters: Parameters, name: string): ModelPreparation {
  const windows = (parameters['windows'] as [number, number][] | undefined)?.map(([windowCenter, windowWidth]) => ({
    windowCenter,
    windowWidth,
  }));
  const form = parameters['form'] === 'linear' ? 'linear' : 'exact';
  return {
    rows: numberOf(parameters, 'rows'),
    columns: numberOf(parameters, 'columns'),
    channels: windows?.length ?? 1,
    values: windows === undefined ? { from: 'image', form } : { from: 'windows', form, windows },
    normalisation: (parameters['normalisation'] as Normalisation | undefined) ?? 'none',
    resize: parameters['resize'] as ResizeMethod,
    aspect: name.endsWith('aspect kept') ? 'keep' : 'stretch',
    ...(parameters['padding'] !== undefined && { padding: numberOf(parameters, 'padding') }),
    ...(parameters['scale'] !== undefined && { scale: parameters['scale'] as { mean: number[]; deviation: number[] } }),
  };
}

function normalised({ values }: GoldenArray, parameters: Parameters, name: string): Float64Array {
  const padding = parameters['inside'] === undefined ? undefined : Uint8Array.from(numbersOf(parameters, 'inside'), (inside) => 1 - inside);
  const changed = values.slice();
  normalisePicture(changed, { normalisation: name.split(',')[0] as Normalisation }, padding);
  return changed;
}

const TYPES: Readonly<Record<string, (values: Float64Array) => Samples>> = {
  uint8: (values) => Uint8Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  int16: (values) => Int16Array.from(values),
  int32: (values) => Int32Array.from(values),
  float32: (values) => Float32Array.from(values),
  float64: (values) => values,
};

const imageOf = ({ rows, columns, values, type }: GoldenArray): StoredImage => ({
  rows,
  columns,
  samplesPerPixel: 1,
  samples: TYPES[type](values),
  photometricInterpretation: 'MONOCHROME2',
});

const shown = (picture: GoldenArray, change: Partial<StoredImage>, from?: GreyValues): Float64Array =>
  displayImage({ ...imageOf(picture), ...change }, 1, from).values;

function layoutOf(parameters: Parameters) {
  const [bitsAllocated, bitsStored, highBit] = ['bitsAllocated', 'bitsStored', 'highBit'].map((name) => numberOf(parameters, name));
  const pixelRepresentation = parameters['pixelRepresentation'] === 1 ? (1 as const) : (0 as const);
  return { bitsAllocated, bitsStored, highBit, pixelRepresentation, sampleForm: 'integer' as const };
}

const frameOf = ({ rows, columns, bytes }: GoldenArray, samplesPerPixel: number, photometricInterpretation: string): DecodedFrame => ({
  bytes,
  rows,
  columns,
  samplesPerPixel,
  photometricInterpretation,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  sampleForm: 'integer',
});
