import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { DecodeJob } from '../../src/pixels/pixel-job.js';
import { PixelPool } from '../../src/pixels/pixel-pool.js';
import { corpusInstance, corpusIsHere, knownPictures, pngOf, type KnownPicture } from './corpus.js';

const TOLERANCE = 2; // grey levels; rounding differs between renderers
const TOLERANCE_LOSSY_JPEG = 4; // inverse DCTs differ as well

let pool: PixelPool;
beforeAll(() => {
  pool = new PixelPool({ threads: 2, queueLimit: 100, timeLimitMilliseconds: 20_000 });
});
afterAll(() => pool.close());

async function firstFrame(path: string): Promise<DecodeJob> {
  const job = (await corpusInstance(path)).job(1);
  if (job === undefined) throw new Error('the file has no first frame');
  return job;
}

/** Greatest difference of any sample; the reference may hold grey as RGB. */
function greatestDifference(ours: Uint8Array, theirs: Buffer, channels: number, theirChannels: number): number {
  let greatest = 0;
  for (let i = 0, at = 0, channel = 0; i < ours.length; i++) {
    const difference = ours[i] - theirs[at + channel];
    if (difference > greatest) greatest = difference;
    if (-difference > greatest) greatest = -difference;
    if (++channel === channels) {
      channel = 0;
      at += theirChannels;
    }
  }
  return greatest;
}

(corpusIsHere ? describe : describe.skip)('rendering the corpus', () => {
  const pictures = corpusIsHere ? knownPictures() : [];

  it('has all 37 pictures to compare with', () => expect(pictures).toHaveLength(37));

  it.each(pictures.map((picture) => [picture.path, picture] as const))(
    'draws frame 1 of %s as others do',
    async (path, picture: KnownPicture) => {
      const job = await firstFrame(path);
      const tolerance = job.pixels.transferSyntaxUID.endsWith('.4.50') ? TOLERANCE_LOSSY_JPEG : TOLERANCE;
      const ours = await pool.render({ ...job, format: 'raw' });
      const theirs = await sharp(pngOf(picture)).raw().toBuffer({ resolveWithObject: true });
      expect([ours.columns, ours.rows]).toEqual([theirs.info.width, theirs.info.height]);
      expect(greatestDifference(ours.bytes, theirs.data, ours.channels, theirs.info.channels)).toBeLessThanOrEqual(tolerance);
    },
  );

  it('gives a PNG that holds the very samples', async () => {
    const { pixels, frame } = await firstFrame('demo/ct-chest/ct20.dcm');
    const [raw, png] = await Promise.all([
      pool.render({ pixels, frame: frame.slice(), format: 'raw' }),
      pool.render({ pixels, frame, format: 'png' }),
    ]);
    const { data, info } = await sharp(png.bytes).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect(png.mediaType).toBe('image/png');
    expect(info.channels).toBe(1);
    expect(Buffer.compare(data, raw.bytes)).toBe(0);
  });

  it.each([
    {
      path: 'demo/ct-chest/ct20.dcm',
      viewport: { columns: 100, rows: 300 },
      size: { columns: 100, rows: 100 },
      channels: 1,
    },
    {
      path: 'ts/color/TestPattern_RGB.dcm',
      viewport: { columns: 1280, rows: 1280 },
      size: { columns: 1280, rows: 800 },
      channels: 3,
    },
  ] as const)('fits $path into a viewport without bending it (PS3.18 8.3.5.1.3)', async ({ path, viewport, size, channels }) => {
    const job = await firstFrame(path);
    const jpeg = await pool.render({ ...job, format: 'jpeg', quality: 80, viewport });
    expect(jpeg).toMatchObject({ ...size, channels, mediaType: 'image/jpeg' });
    expect(await sharp(jpeg.bytes).metadata()).toMatchObject({
      format: 'jpeg',
      width: size.columns,
      height: size.rows,
      channels,
    });
  });
});
