import type { ImagePixels } from '../dicom/image-pixels.js';
import { modalityValues } from '../dicom/modality-lut.js';
import { WindowTooNarrow } from '../dicom/pixel-faults.js';
import { applyVoiTable, applyWindow } from '../dicom/voi-lut.js';
import type { DecodedFrame } from './decoded-frame.js';

type Grey = Pick<ImagePixels, 'modality' | 'voi'>;
type Layout = Pick<DecodedFrame, 'bitsStored' | 'pixelRepresentation'>;

const KEPT_TABLES = 8;
const kept = new Map<string, Uint8ClampedArray>();

/**
 * Grey for every stored value of up to 16 bits, by its bits as a whole number, where a window or a VOI LUT decides it and
 * not the frame's own range. Slices of a series have the same: the last tables are kept.
 * @returns undefined where neither is given
 */
export function displayTable(layout: Layout, pixels: Grey): Uint8ClampedArray | undefined {
  const { modality, voi } = pixels;
  const isPlain = modality.kind === 'rescale' && voi.windows.length > 0; // a key of tables would be as long as they are
  const key = isPlain ? JSON.stringify([layout.bitsStored, layout.pixelRepresentation, modality, voi.windows[0], voi.voiLutFunction]) : '';
  const found = kept.get(key);
  if (found !== undefined) return found;
  const table = madeTable(layout, pixels);
  if (table === undefined || !isPlain) return table;
  kept.set(key, table);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_TABLES) kept.delete(oldest);
  return table;
}

function madeTable({ bitsStored, pixelRepresentation }: Layout, { modality, voi }: Grey): Uint8ClampedArray | undefined {
  const span = 2 ** bitsStored;
  const values = new Int32Array(span);
  for (let i = 0; i < span; i++) values[i] = pixelRepresentation === 1 && i >= span / 2 ? i - span : i;
  const [window] = voi.windows;
  const [table] = voi.tables;
  try {
    if (window !== undefined) return applyWindow(modalityValues(values, modality), window, voi.voiLutFunction);
  } catch (error) {
    if (!(error instanceof WindowTooNarrow)) throw error; // a window without meaning is as good as none
  }
  return table === undefined ? undefined : applyVoiTable(modalityValues(values, modality), table);
}
