import { storedValues } from '../dicom/stored-values.js';
import type { DecodedFrame } from './decoded-frame.js';

/**
 * The stored values of a frame as codecs take them: only the Bits Stored count, what else lies in the cells is no image.
 * @param signs  `extended`: two's complement over the whole cell; `cut`: the Bits Stored alone, for codecs that know no
 *   sign: Pixel Representation still tells whoever decodes (PS3.5 8.2.1, 8.2.3)
 * @returns one value a sample, in cells of 8 bits up to 8 Bits Stored, else of 16
 */
export function codecValues(frame: DecodedFrame, signs: 'extended' | 'cut'): Uint8Array | Uint16Array {
  const samples = frame.rows * frame.columns * frame.samplesPerPixel;
  const stored = storedValues(frame.bytes, frame, samples);
  const mask = signs === 'cut' ? 2 ** frame.bitsStored - 1 : 0xffff;
  const values = frame.bitsStored > 8 ? new Uint16Array(samples) : new Uint8Array(samples);
  for (let i = 0; i < samples; i++) values[i] = stored[i] & mask;
  return values;
}

/** The memory of values, little endian as every machine we run on. */
export const bytesOf = (values: Uint8Array | Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
