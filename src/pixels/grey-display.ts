import type { ImagePixels } from '../dicom/image-pixels.js';
import type { LookupTable } from '../dicom/lookup-table.js';
import { modalityValues } from '../dicom/modality-lut.js';
import { WindowTooNarrow } from '../dicom/pixel-faults.js';
import { storedValues, type StoredValues } from '../dicom/stored-values.js';
import { applyRange, applyVoiTable, applyWindow } from '../dicom/voi-lut.js';
import type { DecodedFrame } from './decoded-frame.js';
import { displayTable } from './display-table.js';

type Grey = Pick<ImagePixels, 'modality' | 'voi' | 'presentationLut' | 'presentationLutShape' | 'padding'>;

/**
 * A monochrome frame as grey 0…255, 0 black (PS3.3 C.11.1, C.11.2, C.11.6, C.7.6.3.1.2): the first window by its
 * function, else the first VOI LUT, else the range of the frame's values without padding.
 * @returns [rows × columns], row by row; a new array
 */
export function greyDisplay(frame: DecodedFrame, pixels: Grey): Uint8ClampedArray {
  // MONOCHROME1 comes with the shape INVERSE where it comes with one (PS3.3 C.8.11.3.1.2): it says the same, once.
  const inverted = frame.photometricInterpretation === 'MONOCHROME1' || pixels.presentationLutShape === 'INVERSE';
  const display = byTable(frame, pixels) ?? byValue(frame, pixels);
  if (pixels.presentationLut !== undefined) return throughPresentation(display, pixels.presentationLut);
  if (inverted) for (let i = 0; i < display.length; i++) display[i] = 255 - display[i];
  return display;
}

/** What the VOI LUT puts out, from least to greatest, goes through all of the table (PS3.3 C.11.6.1); its outputs become 0…255. */
function throughPresentation(display: Uint8ClampedArray, { entries, bits }: LookupTable): Uint8ClampedArray {
  const last = entries.length - 1;
  const outputs = Uint8ClampedArray.from({ length: 256 }, (_, grey) => (255 * entries[Math.round((grey * last) / 255)]) / (2 ** bits - 1));
  return display.map((grey) => outputs[grey]);
}

/** A frame whose cells are whole bytes and whose grey does not depend on its own range: one look-up a pixel. */
function byTable(frame: DecodedFrame, pixels: Grey): Uint8ClampedArray | undefined {
  const { bitsAllocated, bitsStored, highBit, bytes } = frame;
  if (!isNarrow(frame) || (bitsAllocated !== 8 && bitsAllocated !== 16)) return undefined;
  const table = displayTable(frame, pixels);
  if (table === undefined) return undefined;
  const count = frame.rows * frame.columns;
  const cells = storedValues(bytes, { ...frame, bitsStored: bitsAllocated, highBit: bitsAllocated - 1, pixelRepresentation: 0 }, count);
  const display = new Uint8ClampedArray(count);
  const shift = highBit - bitsStored + 1;
  const mask = 2 ** bitsStored - 1;
  for (let i = 0; i < count; i++) display[i] = table[(cells[i] >> shift) & mask];
  return display;
}

function byValue(frame: DecodedFrame, pixels: Grey): Uint8ClampedArray {
  const stored = storedValues(frame.bytes, frame, frame.rows * frame.columns);
  return isNarrow(frame) ? throughTable(stored, frame, pixels) : voi(modalityValues(stored, pixels.modality), stored, pixels);
}

const isNarrow = ({ sampleForm, bitsStored }: DecodedFrame) => sampleForm === 'integer' && bitsStored <= 16;

/** Up to 16 bits each stored value is transformed once, not each pixel: a frame has more pixels than values. */
function throughTable(stored: StoredValues, { bitsStored, pixelRepresentation }: DecodedFrame, pixels: Grey): Uint8ClampedArray {
  const lowest = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  const present = new Uint8Array(2 ** bitsStored);
  for (let i = 0; i < stored.length; i++) present[stored[i] - lowest] = 1;
  const values = new Int32Array(present.reduce((count, is) => count + is, 0));
  for (let i = 0, n = 0; i < present.length; i++) if (present[i] === 1) values[n++] = i + lowest;
  const shown = voi(modalityValues(values, pixels.modality), values, pixels, bitsStored === 1);
  const table = new Uint8ClampedArray(present.length);
  values.forEach((value, n) => (table[value - lowest] = shown[n]));
  const display = new Uint8ClampedArray(stored.length);
  for (let i = 0; i < stored.length; i++) display[i] = table[stored[i] - lowest];
  return display;
}

function voi(modality: Float32Array, stored: StoredValues, { voi, padding }: Grey, binary = false): Uint8ClampedArray {
  const [window] = voi.windows;
  const [table] = voi.tables;
  try {
    if (window !== undefined) return applyWindow(modality, window, voi.voiLutFunction);
  } catch (error) {
    if (!(error instanceof WindowTooNarrow)) throw error; // a window without meaning is as good as none
  }
  if (table !== undefined) return applyVoiTable(modality, table);
  if (binary) return applyRange(modality, 0, 1);
  const { low, high } = range(modality, stored, padding);
  return applyRange(modality, low, high);
}

/** Least and greatest value that is image; of a frame that is all padding, of all. NaN counts for nothing. */
function range(modality: Float32Array, stored: StoredValues, padding: Grey['padding']): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < modality.length; i++) {
    if (padding !== undefined && stored[i] >= padding.low && stored[i] <= padding.high) continue;
    if (!Number.isFinite(modality[i])) continue;
    if (modality[i] < low) low = modality[i];
    if (modality[i] > high) high = modality[i];
  }
  return low > high && padding !== undefined ? range(modality, stored, undefined) : { low, high };
}
