import { lookUp } from '../../dicom/lookup-table.js';
import { modalityValue } from '../../dicom/modality-lut.js';
import { storedValues } from '../../dicom/stored-values.js';
import { rgbDisplay } from '../../pixels/colour-display.js';
import { sampleCount, type DecodedFrame } from '../../pixels/decoded-frame.js';
import { UnsupportedPixels } from '../../pixels/faults.js';
import { ImageUnpreparable, WindowInvalid } from '../preparation/faults.js';
import type { StoredImage } from '../preparation/stored-image.js';
import type { EngineImage } from './engine-messages.js';

/**
 * A decoded frame in the form that preparation takes: stored values and how they are shown, or RGB of 8 bits.
 * @throws WindowInvalid  SIGMOID of a width not above 0
 * @throws ImageUnpreparable  too few bytes, colour of a kind that has no way to RGB, or a curve over more than 16 bits
 */
export function storedImage({ frame, pixels }: EngineImage): StoredImage {
  const { rows, columns } = frame;
  if (frame.bytes.length * 8 < sampleCount(frame) * frame.bitsAllocated)
    throw new ImageUnpreparable('The frame has fewer bytes than its size asks for.'); // read on, the missing pixels would be black
  if (!frame.photometricInterpretation.startsWith('MONOCHROME'))
    return { rows, columns, samplesPerPixel: 3, samples: rgb({ frame, pixels }), photometricInterpretation: 'RGB' };
  // Presentation LUT Shape INVERSE says what MONOCHROME1 says; both together say it once (PS3.3 C.8.11.3.1.2).
  const inverted = frame.photometricInterpretation === 'MONOCHROME1' || pixels.presentationLutShape === 'INVERSE';
  return {
    rows,
    columns,
    samplesPerPixel: 1,
    samples: storedValues(frame.bytes, frame, rows * columns),
    photometricInterpretation: inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    ...shownThrough({ frame, pixels }),
    pixelPaddingValue: pixels.padding?.low,
    pixelPaddingRangeLimit: pixels.padding?.high,
  };
}

type Shown = Pick<StoredImage, 'slope' | 'intercept' | 'modalityLut' | 'windowCenter' | 'windowWidth'>;

/** Window and Modality LUT as they are; a VOI LUT, and a window with the function SIGMOID, become one table over both. */
function shownThrough({ frame, pixels: { modality, voi } }: EngineImage): Shown {
  const [window] = voi.windows;
  const [table] = voi.tables;
  if (window !== undefined && voi.voiLutFunction === 'SIGMOID') {
    const { windowCenter, windowWidth } = window;
    if (!(windowWidth > 0)) throw new WindowInvalid();
    const sigmoid = (value: number) => 1 / (1 + Math.exp((-4 * (value - windowCenter)) / windowWidth)); // PS3.3 C.11.2.1.3.1
    const modalityLut = curve(frame, (stored) => sigmoid(modalityValue(stored, modality)));
    return { modalityLut, windowCenter: 0.5, windowWidth: 1 };
  }
  if (window === undefined && table !== undefined) {
    const highest = 2 ** table.bits - 1; // PS3.3 C.11.2.1.1: the output spans 0 to 2^bits − 1
    const modalityLut = curve(frame, (stored) => lookUp(table, modalityValue(stored, modality)));
    return { modalityLut, windowCenter: highest / 2, windowWidth: highest };
  }
  if (modality.kind === 'rescale') return { ...window, slope: modality.rescaleSlope, intercept: modality.rescaleIntercept };
  const { firstMapped, entries } = modality.table;
  return { ...window, modalityLut: { firstStoredValue: firstMapped, values: entries } };
}

/** A function of stored values as a table over all that the bits can hold. */
function curve({ sampleForm, bitsStored, pixelRepresentation }: DecodedFrame, of: (stored: number) => number) {
  if (sampleForm !== 'integer' || bitsStored > 16)
    throw new ImageUnpreparable('A VOI LUT or SIGMOID window over values of more than 16 bits cannot be prepared.');
  const firstStoredValue = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  return { firstStoredValue, values: Float64Array.from({ length: 2 ** bitsStored }, (_, i) => of(firstStoredValue + i)) };
}

function rgb({ frame, pixels }: EngineImage): Uint8Array {
  try {
    const samples = rgbDisplay(frame, pixels.palette);
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.length);
  } catch (error) {
    if (error instanceof UnsupportedPixels) throw new ImageUnpreparable(error.message);
    throw error;
  }
}
