import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { ALIKE_WITHIN } from '../../../src/evidence/datasets/duplicates.js';
import { bitCount, hammingDistance, hashWords, pictureDistance } from '../../../src/evidence/datasets/hash-distance.js';
import { SAME_PICTURE_WITHIN } from '../../../src/evidence/datasets/leak-check.js';
import { NOTHING_SHOWN, perceptualHash } from '../../../src/evidence/datasets/perceptual-hash.js';
import { storedImageHashes } from '../../../src/evidence/datasets/picture-hashes.js';
import { greyImage } from '../../../src/training/datasets/grey-image.js';
import { chestPictures, picturesAreHere } from './chest-pictures.js';

/** Blobs: something like a body, by formula. */
const picture = (rows: number, columns: number, form = (value: number) => value) => ({
  rows,
  columns,
  values: Float64Array.from({ length: rows * columns }, (_, i) => {
    const [x, y] = [((i % columns) + 0.5) / columns, (Math.floor(i / columns) + 0.5) / rows];
    const blob = (cx: number, cy: number, r: number) => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * r * r));
    return form(80 * blob(0.3, 0.4, 0.1) + 120 * blob(0.7, 0.55, 0.08) + 60 * blob(0.45, 0.8, 0.06) + 30 * blob(0.85, 0.15, 0.05));
  }),
});

describe('The perceptual hash of a picture', () => {
  it('stays nearly what it is when the picture is made smaller, larger, or shown brighter', () => {
    const hash = perceptualHash(picture(400, 300));
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    for (const [rows, columns] of [
      [97, 131],
      [1500, 1100],
      [32, 32],
      [20, 24],
    ])
      expect(hammingDistance(hash, perceptualHash(picture(rows, columns)))).toBeLessThanOrEqual(SAME_PICTURE_WITHIN);
    expect(perceptualHash(picture(400, 300, (value) => 3 * value + 500))).toBe(hash);
  });

  it('has every bit turned in the negative, which is the same picture', () => {
    const [hash, negative] = [perceptualHash(picture(300, 300)), perceptualHash(picture(300, 300, (value) => -value))];
    expect(hammingDistance(hash, negative)).toBe(64);
    expect(pictureDistance(hash, negative)).toBe(0);
  });

  it('says so where nothing is to be seen', () => {
    for (const value of [0, 7, -1024])
      expect(perceptualHash({ rows: 50, columns: 70, values: new Float64Array(3500).fill(value) })).toBe(NOTHING_SHOWN);
  });

  it('counts bits', () => {
    for (const word of [0, 1, -1, 0x8000_0000, 0x1234_5678, 0xffff_ffff])
      expect(bitCount(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length);
  });
});

(picturesAreHere ? describe : describe.skip)('The perceptual hash of 730 chest radiographs', () => {
  const hashOf = async (file: Buffer): Promise<string> => storedImageHashes(await greyImage(file)).perceptualHash;

  it('knows a picture again that was made smaller or saved anew, and its negative', async () => {
    const some = chestPictures().filter((_, i) => i % 14 === 0);
    const shareWithin = async (bits: number, change: (image: Sharp) => Sharp): Promise<number> => {
      let near = 0;
      for (const { jpeg } of some)
        if (pictureDistance(await hashOf(jpeg), await hashOf(await change(sharp(jpeg)).toBuffer())) <= bits) near++;
      return near / some.length;
    };
    expect(await shareWithin(SAME_PICTURE_WITHIN, (image) => image.negate().png())).toBe(1);
    expect(await shareWithin(SAME_PICTURE_WITHIN, (image) => image.jpeg({ quality: 90 }))).toBe(1);
    expect(await shareWithin(SAME_PICTURE_WITHIN, (image) => image.resize(112, 112, { fit: 'fill' }).png())).toBeGreaterThan(0.99);
    expect(await shareWithin(ALIKE_WITHIN, (image) => image.jpeg({ quality: 20 }))).toBeGreaterThan(0.98);
    expect(await shareWithin(ALIKE_WITHIN, (image) => image.resize(64, 64, { fit: 'fill' }).jpeg({ quality: 70 }))).toBeGreaterThan(0.98);
    expect(await shareWithin(ALIKE_WITHIN, (image) => image.resize(1000, 800, { fit: 'fill' }).png())).toBe(1);
    expect(await shareWithin(ALIKE_WITHIN, (image) => image.linear(0.6, 40).png())).toBeGreaterThan(0.99); // a wider window
    expect(await shareWithin(ALIKE_WITHIN, (image) => image.linear(1.5, -60).png())).toBeGreaterThan(0.85); // a narrow one, that cuts
  });

  it('calls pictures of different patients alike at most three times in a million pairs', async () => {
    const all = chestPictures();
    const { high, low } = hashWords(await Promise.all(all.map(({ jpeg }) => hashOf(jpeg))));
    const counts = new Uint32Array(33);
    for (const [i, { patient }] of all.entries())
      for (let j = 0; j < i; j++) {
        const distance = bitCount(high[i] ^ high[j]) + bitCount(low[i] ^ low[j]);
        if (all[j].patient !== patient) counts[Math.min(distance, 64 - distance)]++;
      }
    const within = (bits: number) => counts.subarray(0, bits + 1).reduce((sum, count) => sum + count, 0);
    expect(within(32)).toBeGreaterThan(260_000);
    expect(within(SAME_PICTURE_WITHIN)).toBe(0);
    expect(within(ALIKE_WITHIN) / within(32)).toBeLessThan(3e-6);
  });
});
