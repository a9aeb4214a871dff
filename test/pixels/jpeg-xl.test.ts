import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jpegXlSize } from '../../src/pixels/jpeg-xl-size.js';
import { PixelPool } from '../../src/pixels/pixel-pool.js';
import { corpusInstance, corpusIsHere } from './corpus.js';
import { greyPixels } from './images.js';

const ULTRASOUND = 'ts/jpegxl-us-27frames.dcm';
const JPEG_XL = '1.2.840.10008.1.2.4.112';

let pool: PixelPool;
beforeAll(() => {
  pool = new PixelPool({ threads: 1, queueLimit: 10, timeLimitMilliseconds: 20_000 });
});
afterAll(() => pool.close());

(corpusIsHere ? describe : describe.skip)('JPEG XL of the corpus', () => {
  it('is RGB, each frame another, dark as ultrasound is', async () => {
    const instance = await corpusInstance(ULTRASOUND);
    const means: number[] = [];
    for (const frameNumber of [1, 14]) {
      const job = instance.job(frameNumber);
      if (job === undefined) throw new Error('the file has no such frame');
      const { bytes, photometricInterpretation } = await pool.decode(job);
      expect([bytes.length, photometricInterpretation]).toEqual([708 * 1016 * 3, 'RGB']);
      means.push(bytes.reduce((sum, value) => sum + value, 0) / bytes.length);
    }
    for (const mean of means) expect(Math.abs(mean - 14)).toBeLessThan(4);
    expect(means[0]).not.toBe(means[1]);
  });

  it('is refused where its size is not the instance’s, before it is decoded, and where it is cut off', async () => {
    const instance = await corpusInstance(ULTRASOUND);
    const job = () => instance.job(1) ?? { pixels: greyPixels(), frame: new Uint8Array(0) };
    const { pixels, frame } = job();
    await expect(pool.decode({ pixels: { ...pixels, rows: 9 }, frame })).rejects.toMatchObject({ code: 'corrupt-frame' });
    await expect(pool.decode({ pixels, frame: job().frame.slice(0, 20_000) })).rejects.toMatchObject({ code: 'corrupt-frame' });
    expect((await pool.decode(job())).rows).toBe(708); // the worker still serves
  });
});

describe('JPEG XL', () => {
  it('is refused where it is deeper than the decoder goes, and where it is no JPEG XL', async () => {
    const deep = greyPixels({ transferSyntaxUID: JPEG_XL, bitsAllocated: 16, bitsStored: 12, highBit: 11 });
    await expect(pool.decode({ pixels: deep, frame: new Uint8Array(64) })).rejects.toMatchObject({ code: 'unsupported-pixels' });
    const none = { pixels: greyPixels({ transferSyntaxUID: JPEG_XL }), frame: new Uint8Array(64) };
    await expect(pool.decode(none)).rejects.toMatchObject({ code: 'corrupt-frame' });
  });

  it.each([
    ['64 × 64, small and square', [0b0100_1111, 0b0000_0000], { rows: 64, columns: 64 }],
    ['256 rows, 2 : 1', [0b1111_1111, 0b0000_0001], { rows: 256, columns: 512 }],
  ])('says its size before it is decoded: %s', (_, size, expected) => {
    expect(jpegXlSize(Uint8Array.from([0xff, 0x0a, ...size, ...new Array<number>(16).fill(0)]))).toEqual(expected);
  });
});
