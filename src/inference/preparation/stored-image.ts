import type { LookupTable } from '../../dicom/lookup-table.js';
import type { VoiLutFunction } from '../../dicom/voi-lut.js';
import { ImageUnpreparable } from './faults.js';

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Modality LUT (PS3.3 C.11.1): stored values below the first map to the first entry, above the last to the last. */
export interface ModalityLut {
  readonly firstStoredValue: number;
  readonly values: ArrayLike<number>;
}

/** One frame as it lies in the file, after decoding. */
export interface StoredImage {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  /** Stored values, row by row; colour by pixel (planar configuration 0); rows × columns × samplesPerPixel of them. */
  readonly samples: Samples;
  /** MONOCHROME1 or MONOCHROME2 with one sample, RGB with three. */
  readonly photometricInterpretation: string;
  /** Rescale slope and intercept (PS3.3 C.11.1.1.2); 1 and 0 where absent. */
  readonly slope?: number | undefined;
  readonly intercept?: number | undefined;
  /** Wins over slope and intercept. */
  readonly modalityLut?: ModalityLut | undefined;
  /** The one of the image's windows that is used, in modality units; both or neither. */
  readonly windowCenter?: number | undefined;
  readonly windowWidth?: number | undefined;
  /** What the window means; LINEAR where absent. */
  readonly voiLutFunction?: VoiLutFunction | undefined;
  /** VOI LUT Sequence (PS3.3 C.11.2.1.1): used where there is no window. */
  readonly voiLut?: LookupTable | undefined;
  /** Stored value of pixels outside the picture (PS3.3 C.7.5.1.1.2), with the other end of its range. */
  readonly pixelPaddingValue?: number | undefined;
  readonly pixelPaddingRangeLimit?: number | undefined;
  /** The greatest value that Bits Stored can hold; absent for floating point and where it is not known. */
  readonly greatestStoredValue?: number | undefined;
}

const SAMPLES_OF: Readonly<Record<string, number>> = { MONOCHROME1: 1, MONOCHROME2: 1, RGB: 3 };

/** @throws ImageUnpreparable  sizes that disagree, a photometric interpretation without a definition here, values that are no numbers */
export function checkStoredImage(image: StoredImage): void {
  const { rows, columns, samplesPerPixel, samples, photometricInterpretation } = image;
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0))
    throw new ImageUnpreparable('Rows and columns must be whole numbers above 0.');
  if (SAMPLES_OF[photometricInterpretation] !== samplesPerPixel)
    throw new ImageUnpreparable('Only MONOCHROME1 and MONOCHROME2 with one sample and RGB with three can be prepared.');
  if (samples.length !== rows * columns * samplesPerPixel)
    throw new ImageUnpreparable('The number of samples does not equal rows × columns × samples per pixel.');
  if ((samples instanceof Float32Array || samples instanceof Float64Array) && !samples.every(Number.isFinite))
    throw new ImageUnpreparable('The image holds values that are not finite numbers.');
  if (image.voiLut?.entries.length === 0) throw new ImageUnpreparable('The VOI LUT is empty.');
  if (image.modalityLut?.values.length === 0) throw new ImageUnpreparable('The modality LUT is empty.');
  if (!Number.isFinite(image.slope ?? 1) || !Number.isFinite(image.intercept ?? 0))
    throw new ImageUnpreparable('Rescale slope and intercept must be finite numbers.');
}
