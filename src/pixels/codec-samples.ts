import type { ImagePixels } from '../dicom/image-pixels.js';
import { CorruptFrame } from './faults.js';
import type { WasmDecoder } from './wasm-codec.js';

/**
 * What a codec put out, copied from its heap into cells of Bits Allocated.
 * @throws CorruptFrame  the codec gave another size than its header promised
 */
export function samplesOf(decoder: WasmDecoder, pixels: ImagePixels): Uint8Array {
  const { width, height, componentCount, bitsPerSample, isSigned } = decoder.getFrameInfo();
  const { rows, columns, samplesPerPixel } = pixels;
  if (width !== columns || height !== rows || componentCount !== samplesPerPixel)
    throw new CorruptFrame('its codec gives another size than the header');
  const cell = bitsPerSample > 8 ? 2 : 1;
  const decoded = decoder.getDecodedBuffer();
  const length = rows * columns * samplesPerPixel * cell;
  if (decoded.length < length) throw new CorruptFrame('its codec gives fewer samples than the header promises');
  return inCells(decoded.slice(0, length), cell * 8, isSigned === true, pixels.bitsAllocated);
}

/** Widens 8-bit samples where the instance allocates 16; never narrows. */
export function inCells(samples: Uint8Array, bits: number, signed: boolean, bitsAllocated: number): Uint8Array {
  if (bits === bitsAllocated) return samples;
  if (bits !== 8 || bitsAllocated !== 16) throw new CorruptFrame('its samples do not fit the bits allocated');
  const wide = Uint16Array.from(signed ? new Int8Array(samples.buffer, samples.byteOffset, samples.length) : samples);
  return new Uint8Array(wide.buffer);
}
