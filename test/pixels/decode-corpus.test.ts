import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { storedValues } from '../../src/dicom/stored-values.js';
import type { DecodedFrame } from '../../src/pixels/decoded-frame.js';
import { PixelPool } from '../../src/pixels/pixel-pool.js';
import { corpusInstance, corpusIsHere, knownFiles, type KnownFile } from './corpus.js';

/** Files whose pixels others decode and we refuse, each with our reason. Nothing else may be left out. */
const REFUSED: Readonly<Record<string, string>> = {
  // Number of Frames is "1A", no integer string (PS3.5 6.2): of its 15 frames' bytes only the first is sure to be one.
  'pydicom/badVR.dcm': 'invalid-pixel-description',
  // The codestreams are 64 × 48, Rows and Columns say 144 × 69, which must agree (PS3.5 8.2): no samples are the right ones.
  'synthetic/mf-rows-disagree.dcm': 'corrupt-frame',
};

let pool: PixelPool;
beforeAll(() => {
  pool = new PixelPool({ threads: 2, queueLimit: 1000, timeLimitMilliseconds: 20_000 });
});
afterAll(() => pool.close());

/** All frames that the file holds, decoded. */
async function decodeAll(path: string): Promise<DecodedFrame[]> {
  const instance = await corpusInstance(path);
  const jobs = Array.from({ length: instance.numberOfFrames }, (_, i) => instance.job(i + 1)).filter((job) => job !== undefined);
  return Promise.all(jobs.map((job) => pool.decode(job)));
}

/** SHA-256 as the manifest has it: frame after frame; 1-bit frames joined to one stream of bits. */
function sha256(frames: readonly DecodedFrame[]): string {
  const hash = createHash('sha256');
  if (frames[0].bitsAllocated > 1) for (const { bytes } of frames) hash.update(bytes);
  else hash.update(joinedBits(frames));
  return hash.digest('hex');
}

function joinedBits(frames: readonly DecodedFrame[]): Uint8Array {
  const perFrame = frames[0].rows * frames[0].columns;
  const joined = new Uint8Array(Math.ceil((perFrame * frames.length) / 8));
  frames.forEach((frame, n) =>
    storedValues(frame.bytes, frame, perFrame).forEach((bit, i) => {
      const at = n * perFrame + i;
      joined[at >> 3] |= bit << (at & 7);
    }),
  );
  return joined;
}

/** Least, greatest and mean value; a decoder may differ by about 2 of 255 levels (manifest: README). */
function expectAlike(frames: readonly DecodedFrame[], { decodedMin, decodedMax, decodedMean }: KnownFile): void {
  let [least, greatest, sum, count] = [decodedMax, decodedMin, 0, 0];
  for (const frame of frames) {
    const values = storedValues(frame.bytes, frame, frame.rows * frame.columns * frame.samplesPerPixel);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value < least) least = value;
      if (value > greatest) greatest = value;
      sum += value;
    }
    count += values.length;
  }
  const tolerance = (2 * 2 ** frames[0].bitsStored) / 256;
  expect(Math.abs(least - decodedMin)).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(greatest - decodedMax)).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(sum / count - decodedMean)).toBeLessThanOrEqual(tolerance / 8);
}

(corpusIsHere ? describe : describe.skip)('decoding the corpus', () => {
  const files = corpusIsHere ? knownFiles() : [];
  const decodable = files.filter(({ path }) => !(path in REFUSED));
  const exact = decodable.filter(({ lossy }) => lossy !== true);
  const lossy = decodable.filter(({ lossy }) => lossy === true);

  it('leaves nothing out', () => {
    expect(exact.length + lossy.length + Object.keys(REFUSED).length).toBe(files.length);
    expect([exact.length, lossy.length]).toEqual([263, 53]);
  });

  it.each(exact.map((file) => [file.path, file] as const))(
    'gives the very samples of %s',
    async (path, { decodedSha256, decodedPhotometric }) => {
      const frames = await decodeAll(path);
      expect(sha256(frames)).toBe(decodedSha256);
      expect(frames[0].photometricInterpretation).toBe(decodedPhotometric);
    },
  );

  it.each(lossy.map((file) => [file.path, file] as const))('gives nearly the samples of %s, which is lossy', async (path, file) => {
    const frames = await decodeAll(path);
    expectAlike(frames, file);
    expect(frames[0].photometricInterpretation).toBe(file.decodedPhotometric);
  });

  it.each(Object.entries(REFUSED))('refuses %s: %s', async (path, code) => {
    await expect(decodeAll(path)).rejects.toMatchObject({ code });
  });
});
