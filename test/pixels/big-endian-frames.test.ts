import { describe, expect, it } from '@jest/globals';
import { frameReading, type FrameTable } from '../../src/dicom/frame-table.js';
import { EXPLICIT_VR_BIG_ENDIAN } from '../../src/dicom/transfer-syntaxes.js';
import { decodeFrame } from '../../src/pixels/decode-frame.js';
import { CorruptFrame } from '../../src/pixels/faults.js';
import { greyPixels } from './images.js';

const FRAMES = 3;
const [ROWS, COLUMNS] = [3, 3];
const SAMPLES = ROWS * COLUMNS;

/** Frames of 3 × 3, of `bits` each sample, as a big-endian Pixel Data of the VR has them. */
function aBigEndianImage(bits: 1 | 8, pixelDataVR: 'OB' | 'OW') {
  const frameBits = SAMPLES * bits;
  const bytes = Math.ceil((FRAMES * frameBits) / 8);
  const value = Buffer.alloc(bytes + (bytes % 2)); // even (PS3.5 7.1.1)
  for (let i = 0; i < bytes; i++) value[i] = 37 * (i + 1);
  const little = Buffer.from(value);
  if (pixelDataVR === 'OW') value.swap16();
  const pixels = greyPixels({
    transferSyntaxUID: EXPLICIT_VR_BIG_ENDIAN,
    pixelDataVR,
    rows: ROWS,
    columns: COLUMNS,
    numberOfFrames: FRAMES,
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
  });
  const native = { kind: 'native', offset: 0, frameBytes: Math.ceil(frameBits / 8), frames: FRAMES, inflated: false } as const;
  const table: FrameTable = frameBits % 8 === 0 ? native : { ...native, frameBits };
  return { little, value, pixels, table };
}

type Image = Pick<ReturnType<typeof aBigEndianImage>, 'value' | 'pixels' | 'table'>;

async function frame({ value, pixels, table }: Image, frameNumber: number): Promise<Uint8Array> {
  const { ranges, bitOffset } = frameReading(table, frameNumber, value.length) ?? { ranges: [], bitOffset: 0 };
  const bytes = Buffer.concat(ranges.map(([offset, length]) => value.subarray(offset, offset + length)));
  return Buffer.from((await decodeFrame(bytes, pixels, bitOffset)).bytes);
}

const numbers = Array.from({ length: FRAMES }, (_, i) => i + 1);

describe('Frames of odd length in Explicit VR Big Endian (PS3.5 8.1.1)', () => {
  it.each(['OW', 'OB'] as const)('have the samples of the little-endian image: 8 bits, %s', async (vr) => {
    const image = aBigEndianImage(8, vr);
    const decoded = await Promise.all(numbers.map((n) => frame(image, n)));
    expect(decoded).toEqual(numbers.map((n) => image.little.subarray((n - 1) * SAMPLES, n * SAMPLES)));
  });

  it.each(['OW', 'OB'] as const)('have the samples of the little-endian image: single bits, %s', async (vr) => {
    const image = aBigEndianImage(1, vr);
    const decoded = await Promise.all(numbers.map((n) => frame(image, n)));
    const bit = (i: number) => (image.little[i >> 3] >> (i & 7)) & 1;
    const bits = numbers.map((n) => Array.from({ length: SAMPLES }, (_, i) => bit((n - 1) * SAMPLES + i)));
    expect(decoded.map((bytes) => Array.from({ length: SAMPLES }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1))).toEqual(bits);
  });

  it('are refused where the value lacks the padding byte, which holds the last sample', async () => {
    const image = aBigEndianImage(8, 'OW');
    const torn = { ...image, value: image.value.subarray(0, -1) };
    expect(await frame(torn, 2)).toEqual(image.little.subarray(SAMPLES, 2 * SAMPLES));
    await expect(frame(torn, 3)).rejects.toThrow(CorruptFrame);
  });
});
