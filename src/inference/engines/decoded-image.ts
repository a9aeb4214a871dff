import { storedValues } from '../../dicom/stored-values.js';
import type { Window } from '../../dicom/voi-lut.js';
import { rgbDisplay } from '../../pixels/colour-display.js';
import { sampleCount, type DecodedFrame } from '../../pixels/decoded-frame.js';
import { UnsupportedPixels } from '../../pixels/faults.js';
import { ImageUnpreparable } from '../preparation/faults.js';
import type { StoredImage } from '../preparation/stored-image.js';
import type { EngineImage } from './engine-messages.js';

/**
 * A decoded frame in the form that preparation takes: stored values and how they are shown, or RGB of 8 bits.
 * @param explanation  chooses among several windows (Window Center & Width Explanation); the first where it is not given
 * @throws ImageUnpreparable  too few bytes, colour of a kind that has no way to RGB, no window of that name
 */
export function storedImage({ frame, pixels }: EngineImage, explanation?: string): StoredImage {
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
    ...shownThrough(pixels, explanation),
    pixelPaddingValue: pixels.padding?.low,
    pixelPaddingRangeLimit: pixels.padding?.high,
    greatestStoredValue: greatestStoredValue(frame),
  };
}

type Shown = Pick<StoredImage, 'slope' | 'intercept' | 'modalityLut' | 'windowCenter' | 'windowWidth' | 'voiLutFunction' | 'voiLut'>;

/** How stored values become modality values, and these are shown: through the window that was chosen, else the first VOI LUT. */
function shownThrough({ modality, voi }: EngineImage['pixels'], explanation: string | undefined): Shown {
  const window = chosen(voi.windows, explanation);
  const shown = {
    windowCenter: window?.windowCenter,
    windowWidth: window?.windowWidth,
    voiLutFunction: voi.voiLutFunction,
    voiLut: voi.tables[0],
  };
  if (modality.kind === 'rescale') return { ...shown, slope: modality.rescaleSlope, intercept: modality.rescaleIntercept };
  const { firstMapped, entries } = modality.table;
  return { ...shown, modalityLut: { firstStoredValue: firstMapped, values: entries } };
}

function chosen(windows: EngineImage['pixels']['voi']['windows'], explanation: string | undefined): Window | undefined {
  if (explanation === undefined) return windows[0];
  const named = windows.find((window) => window.explanation === explanation);
  if (named === undefined) throw new ImageUnpreparable('The image has no window of the name that the model asks for.');
  return named;
}

/** Of integers; floating point has no such value. */
function greatestStoredValue({ sampleForm, bitsStored, pixelRepresentation }: DecodedFrame): number | undefined {
  return sampleForm === 'integer' ? 2 ** (bitsStored - pixelRepresentation) - 1 : undefined;
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
