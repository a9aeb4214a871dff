import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deflateRawSync } from 'node:zlib';
import type { ImagePixels } from '../../src/dicom/image-pixels.js';
import { CorruptFrame, UnsupportedPixels } from '../../src/pixels/faults.js';
import { PixelPool } from '../../src/pixels/pixel-pool.js';
import { corpusInstance, corpusIsHere } from './corpus.js';
import { aGreyImage, greyPixels } from './images.js';

const SYNTAX = '1.2.840.10008.1.2';
const pixelsIn = (suffix: string, given: Partial<ImagePixels> = {}) => greyPixels({ transferSyntaxUID: SYNTAX + suffix, ...given });
const COMPRESSED = [
  '.4.110',
  '.4.50',
  '.4.51',
  '.4.57',
  '.4.70',
  '.4.80',
  '.4.81',
  '.4.90',
  '.4.91',
  '.4.201',
  '.4.202',
  '.4.203',
  '.5',
  '.8.1',
];

let pool: PixelPool; // one thread for all: what one frame does to it, the next would feel
beforeAll(() => {
  pool = new PixelPool({ threads: 1, queueLimit: 100, timeLimitMilliseconds: 20_000 });
});
afterAll(async () => {
  expect((await pool.decode(aGreyImage())).bytes).toEqual(aGreyImage().frame);
  await pool.close();
});
const decode = (frame: Uint8Array, pixels: ImagePixels, bitOffset?: number) => pool.decode({ frame, pixels, bitOffset });
const fault = (error: unknown) => error instanceof CorruptFrame || error instanceof UnsupportedPixels;

/** A 4 × 4 frame of RLE (PS3.5 G.5) with the runs given. */
function rle(runs: readonly number[], { segments = 1, offset = 64 } = {}): Uint8Array {
  const header = Uint32Array.of(segments, offset, ...new Array<number>(14).fill(0));
  return Buffer.concat([new Uint8Array(header.buffer), Uint8Array.from(runs)]);
}

describe('RLE Lossless (PS3.5 Annex G)', () => {
  it('decodes replicate and literal runs, and passes over -128', async () => {
    const { bytes } = await decode(rle([0x80, 256 - 11, 9, 3, 1, 2, 3, 4]), pixelsIn('.5'));
    expect(Array.from(bytes)).toEqual([...new Array<number>(12).fill(9), 1, 2, 3, 4]);
  });

  it.each([
    ['ends before its plane is full', rle([256 - 11, 9])],
    ['ends within a literal run', rle([15, 1, 2, 3])],
    ['ends after a control byte', rle([256 - 15])],
    ['runs over its plane', rle([256 - 11, 9, 7, 1, 2, 3, 4, 5, 6, 7, 8])],
    ['has another number of segments', rle([256 - 15, 9], { segments: 2 })],
    ['starts within its header', rle([256 - 15, 9], { offset: 12 })],
    ['starts behind its end', rle([256 - 15, 9], { offset: 4_000_000_000 })],
    ['has no header', new Uint8Array(20)],
    ['is empty', new Uint8Array()],
  ])('is refused where it %s', async (_, frame) => {
    await expect(decode(frame, pixelsIn('.5'))).rejects.toBeInstanceOf(CorruptFrame);
  });
});

describe('a frame that is not what it should be', () => {
  it.each(COMPRESSED)('is refused in %s when it is noise, nothing, or noise behind the right first bytes', async (suffix) => {
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 0xff);
    const starts = [
      [],
      [0xff, 0xd8],
      [0xff, 0xd8, 0xff],
      [0xff, 0x4f, 0xff, 0x51],
      [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 4, 0, 4, 1, 1, 0x11, 0],
    ];
    for (const start of [...starts, undefined]) {
      const frame = start === undefined ? new Uint8Array() : Buffer.concat([Uint8Array.from(start), noise]);
      expect(await decode(frame, pixelsIn(suffix)).then(() => false, fault)).toBe(true);
    }
  });

  it('is refused before anything is allocated by the size that it claims', async () => {
    const jpeg = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0, 0xff, 0xd9];
    const size = Buffer.alloc(45);
    size.writeUInt32BE(0xff4fff51);
    size.writeUInt32BE(0x7fffffff, 8); // columns
    size.writeUInt32BE(0x7fffffff, 12); // rows
    size.writeUInt16BE(1, 40);
    size.set([7, 1, 1], 42);
    for (const [suffix, frame] of [
      ['.4.50', Uint8Array.from(jpeg)],
      ['.4.90', size],
      ['.4.201', Buffer.from(size)],
    ] as const)
      await expect(decode(frame, pixelsIn(suffix))).rejects.toThrow('other rows and columns');
  });

  it('may not inflate to more than its size', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    await expect(decode(bomb, pixelsIn('.8.1'))).rejects.toBeInstanceOf(CorruptFrame);
  });

  it('is refused where native bytes are too few', async () => {
    await expect(decode(new Uint8Array(15), pixelsIn('.1'))).rejects.toBeInstanceOf(CorruptFrame);
    const bits = { bitsAllocated: 1, bitsStored: 1, highBit: 0 };
    await expect(decode(new Uint8Array(2), pixelsIn('.1', bits), 1)).rejects.toBeInstanceOf(CorruptFrame);
  });
});

(corpusIsHere ? describe : describe.skip)('a real frame that is cut off', () => {
  it.each([
    'demo/cxr/chest-frontal-1024.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.51.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.55.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.57.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.70.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.80.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.81.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.90.dcm',
    'ts/ctimage/1.2.840.10008.1.2.4.91.dcm',
    'ts/ctimage/1.2.840.10008.1.2.5.dcm',
    'ts/htj2k-lossy-rgb.dcm',
    'ts/deflated-frame-1bit-seg.dcm',
  ])('never comes out half: %s', async (path) => {
    const job = (await corpusInstance(path)).job(1);
    if (job === undefined) throw new Error('the file has no first frame');
    for (const part of [0.1, 0.5, 0.95])
      await expect(decode(job.frame.slice(0, job.frame.length * part), job.pixels)).rejects.toBeInstanceOf(CorruptFrame);
  });
});
