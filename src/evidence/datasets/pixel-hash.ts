import { createHash } from 'node:crypto';

/** The samples of one picture after decoding, before any LUT: colour by pixel. */
export interface DecodedPixels {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Bits Stored (0028,0101); 32 and 64 of floating point. */
  readonly bitsStored: number;
  /** [rows × columns × samplesPerPixel] stored values, as `storedValues` gives them */
  readonly samples: Samples;
}

type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const LABEL = Buffer.from('wetread-pixels-v1\0', 'latin1');
/** Bytes that are made and hashed at once. */
const PIECE = 1 << 20;

/**
 * SHA-256 of a picture's canonical bytes: the label `wetread-pixels-v1`, 0x00, then rows, columns, samples per pixel and bits stored (32
 * bits each) and the samples row by row, all little endian; a sample has as many whole bytes as its bits stored need (1, 2, 4 or 8),
 * signed ones in two's complement. So the same pixels have the same hash in each lossless transfer syntax, however wide their cells are.
 * What is said of their display, or of their patient, is no part of it.
 * @returns 64 hex digits
 */
export function pixelSha256({ rows, columns, samplesPerPixel, bitsStored, samples }: DecodedPixels): string {
  const head = Buffer.alloc(16);
  [rows, columns, samplesPerPixel, bitsStored].forEach((value, i) => head.writeUInt32LE(value, 4 * i));
  const hash = createHash('sha256').update(LABEL).update(head);
  const width = bitsStored <= 8 ? 1 : bitsStored <= 16 ? 2 : bitsStored <= 32 ? 4 : 8;
  if (width === samples.BYTES_PER_ELEMENT && isLittleEndian)
    hash.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  else for (let from = 0; from < samples.length; from += PIECE / width) hash.update(piece(samples, width, from, PIECE / width));
  return hash.digest('hex');
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function piece(samples: Samples, width: number, from: number, most: number): Uint8Array {
  const count = Math.min(most, samples.length - from);
  const bytes = new DataView(new ArrayBuffer(count * width));
  const write = writerOf(samples, width, bytes);
  for (let i = 0; i < count; i++) write(i * width, samples[from + i]);
  return new Uint8Array(bytes.buffer);
}

function writerOf(samples: Samples, width: number, bytes: DataView): (at: number, value: number) => void {
  if (samples instanceof Float64Array) return (at, value) => bytes.setFloat64(at, value, true);
  if (samples instanceof Float32Array) return (at, value) => bytes.setFloat32(at, value, true);
  if (width === 1) return (at, value) => bytes.setUint8(at, value);
  return width === 2 ? (at, value) => bytes.setUint16(at, value, true) : (at, value) => bytes.setUint32(at, value, true);
}
