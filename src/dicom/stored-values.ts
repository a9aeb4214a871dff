/** How the samples of a frame lie in its bytes (PS3.5 8.1.1). Bytes are little endian. */
export interface SampleLayout {
  /** bits of a sample's cell: 1, 8, 16, 32 or 64 */
  readonly bitsAllocated: number;
  /** bits of the cell that hold the value */
  readonly bitsStored: number;
  /** place of the value's most significant bit in the cell */
  readonly highBit: number;
  /** 0 unsigned, 1 two's complement */
  readonly pixelRepresentation: 0 | 1;
  /** Pixel Data, Float Pixel Data (7FE0,0008) or Double Float Pixel Data (7FE0,0009) */
  readonly sampleForm: 'integer' | 'float' | 'double';
}

export type StoredValues = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * The stored values of a frame: value bits cut from their cells, sign extended (PS3.5 8.1.1, PS3.3 C.7.6.3.1).
 * Bits outside Bits Stored are dropped: old objects keep overlays or junk there.
 * @param bytes  little-endian samples; where nothing has to be cut the answer may share their memory
 * @param samples  how many samples to read; `bytes` holds at least as many
 * @returns one value a sample, in the narrowest type that holds the cell
 */
export function storedValues(bytes: Uint8Array, layout: SampleLayout, samples: number): StoredValues {
  const { bitsAllocated, bitsStored, highBit, pixelRepresentation, sampleForm } = layout;
  if (sampleForm === 'float') return new Float32Array(aligned(bytes, 4), 0, samples);
  if (sampleForm === 'double') return new Float64Array(aligned(bytes, 8), 0, samples);
  if (bitsAllocated === 1) return unpackBits(bytes, samples);
  const signed = pixelRepresentation === 1;
  const cells = cellsOf(bytes, bitsAllocated, signed, samples);
  if (bitsStored === bitsAllocated) return cells;
  const values = cells.slice();
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  if (signed) for (let i = 0; i < values.length; i++) values[i] = (cells[i] << left) >> right;
  else for (let i = 0; i < values.length; i++) values[i] = (cells[i] << left) >>> right;
  return values;
}

function cellsOf(bytes: Uint8Array, bitsAllocated: number, signed: boolean, samples: number) {
  const buffer = aligned(bytes, bitsAllocated / 8);
  if (bitsAllocated === 8) return signed ? new Int8Array(buffer, 0, samples) : new Uint8Array(buffer, 0, samples);
  if (bitsAllocated === 16) return signed ? new Int16Array(buffer, 0, samples) : new Uint16Array(buffer, 0, samples);
  return signed ? new Int32Array(buffer, 0, samples) : new Uint32Array(buffer, 0, samples);
}

/** The memory of `bytes`, from its first byte; copied only where a typed array could not start there. */
function aligned(bytes: Uint8Array, cellBytes: number): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.buffer.byteLength % cellBytes === 0;
  // A view on shared memory is copied too, so that what is returned is an ArrayBuffer.
  return whole && !(bytes.buffer instanceof SharedArrayBuffer) ? bytes.buffer : padded(bytes, cellBytes);
}

function padded(bytes: Uint8Array, cellBytes: number): ArrayBuffer {
  const copy = new Uint8Array(Math.ceil(bytes.length / cellBytes) * cellBytes);
  copy.set(bytes);
  return copy.buffer;
}

/** One-bit samples lie in their bytes from the least significant bit up (PS3.5 8.1.1). */
function unpackBits(bytes: Uint8Array, samples: number): Uint8Array {
  const values = new Uint8Array(samples);
  for (let i = 0; i < samples; i++) values[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return values;
}
