import { afterEach, describe, expect, it } from '@jest/globals';
import type { ImagePixels } from '../../src/dicom/image-pixels.js';
import { PixelPoolClosed, PixelsBusy, PixelTimeLimit, PixelWorkerDied, UnsupportedTransferSyntax } from '../../src/pixels/faults.js';
import { PixelPool, type PixelPoolLimits } from '../../src/pixels/pixel-pool.js';
import { aGreyImage, aSlowJob } from './images.js';

const pools: PixelPool[] = [];
function aPool(limits: Partial<PixelPoolLimits> = {}): PixelPool {
  const pool = new PixelPool({ threads: 1, queueLimit: 8, timeLimitMilliseconds: 10_000, ...limits });
  pools.push(pool);
  return pool;
}
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

/** A job that no description checked: it makes the worker fail in a way that nobody foresaw. */
const aLethalJob = () => ({ pixels: undefined as unknown as ImagePixels, frame: new Uint8Array(8) });
const works = async (pool: PixelPool) => expect((await pool.decode(aGreyImage())).bytes).toEqual(aGreyImage().frame);

describe('the pool of pixel workers', () => {
  it('decodes off the thread and takes the frame along', async () => {
    const job = aGreyImage();
    const { bytes } = await aPool().decode(job);
    expect(bytes).toEqual(aGreyImage().frame);
    expect(job.frame).toHaveLength(0);
  });

  it('leaves alone the memory around a frame that is a part of it', async () => {
    const around = new Uint8Array(100).fill(7);
    const { pixels, frame } = aGreyImage();
    around.set(frame, 10);
    await aPool().decode({ pixels, frame: around.subarray(10, 10 + frame.length) });
    expect(around).toHaveLength(100);
  });

  it('answers each of many jobs with its own frame', async () => {
    const pool = aPool({ threads: 2, queueLimit: 100 });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, value) => pool.decode(aGreyImage({ value }))));
    expect(answers.map(({ bytes }) => bytes[0])).toEqual(Array.from({ length: 50 }, (_, value) => value));
  });

  it('gives a fault its class back', async () => {
    const { pixels, frame } = aGreyImage();
    const video = { ...pixels, transferSyntaxUID: '1.2.840.10008.1.2.4.102' };
    await expect(aPool().decode({ pixels: video, frame })).rejects.toBeInstanceOf(UnsupportedTransferSyntax);
  });

  it('replaces a worker that dies, and fails only its job', async () => {
    const pool = aPool();
    const [dead, alive] = await Promise.allSettled([pool.decode(aLethalJob()), pool.decode(aGreyImage())]);
    expect(dead).toMatchObject({ status: 'rejected', reason: expect.any(PixelWorkerDied) });
    expect(alive.status).toBe('fulfilled');
    await works(pool);
  });

  it('ends a job at its time limit, and fails only that job', async () => {
    const pool = aPool({ timeLimitMilliseconds: 500 });
    const [slow, next] = await Promise.allSettled([pool.decode(aSlowJob()), pool.decode(aGreyImage())]);
    expect(slow).toMatchObject({ status: 'rejected', reason: expect.any(PixelTimeLimit) });
    expect(next.status).toBe('fulfilled');
  });

  it('refuses a job when as many wait as may, and takes jobs again when they are done', async () => {
    const pool = aPool({ queueLimit: 2 });
    const taken = [1, 2, 3].map(() => pool.decode(aGreyImage()));
    await expect(pool.decode(aGreyImage())).rejects.toBeInstanceOf(PixelsBusy);
    await Promise.all(taken);
    await works(pool);
  });

  it('fails what is under way and what waits when it closes, and takes nothing after', async () => {
    const pool = aPool();
    const jobs = Promise.allSettled([pool.decode(aSlowJob()), pool.decode(aGreyImage())]);
    await pool.close();
    for (const job of await jobs) expect(job).toMatchObject({ status: 'rejected', reason: expect.any(PixelPoolClosed) });
    await expect(pool.decode(aGreyImage())).rejects.toBeInstanceOf(PixelPoolClosed);
  });
});
