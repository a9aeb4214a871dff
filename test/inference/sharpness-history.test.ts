import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import { addSharpness, sharpnessHistory } from '../../src/inference/sharpness-history.sql.js';
import { sharpnessAgainst, sharpnessHistoryOf } from '../../src/inference/sharpness-history.js';
import { aDatabase } from '../a-database.js';

const SHARP = Array.from({ length: 40 }, (_, i) => Math.exp(-2 + 0.3 * Math.sin(i)));

describe('Sharpness against the site’s earlier images', () => {
  it('is the z-score of its logarithm (numpy, ddof = 1)', () => {
    const logs = SHARP.map(Math.log);
    const mean = logs.reduce((sum, log) => sum + log, 0) / 40;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 39);
    expect(sharpnessAgainst(sharpnessHistoryOf(SHARP), 0.01)).toBeCloseTo((Math.log(0.01) - mean) / deviation, 10);
  });

  it('is not told below 30 earlier images, where these are all alike, and for an image without detail', () => {
    expect(sharpnessAgainst(sharpnessHistoryOf(SHARP.slice(0, 29)), 0.1)).toBeUndefined();
    expect(sharpnessAgainst(sharpnessHistoryOf(SHARP.slice(0, 30)), 0.1)).toBeDefined();
    expect(sharpnessAgainst({ images: 50, mean: -2, m2: 0 }, 0.1)).toBeUndefined();
    expect(sharpnessAgainst(sharpnessHistoryOf(SHARP), 0)).toBeUndefined();
  });

  it('leaves images without detail out of the sums', () => {
    expect(sharpnessHistoryOf([0, 0])).toEqual({ images: 0, mean: 0, m2: 0 });
    expect(sharpnessHistoryOf([0, ...SHARP])).toEqual(sharpnessHistoryOf(SHARP));
  });
});

describe('The history of sharpness', () => {
  let database: Database;
  beforeAll(async () => (database = await aDatabase()));
  afterAll(() => database.close());

  const chest = { modelSha256: 'a'.repeat(64), modality: 'DX', station: 'ROOM1' };
  const kept = (source = chest) => database.statement((tx) => sharpnessHistory(tx, source));

  it('adds up in parts as if all came at once, and keeps stations apart', async () => {
    const parts = [SHARP.slice(0, 1), SHARP.slice(1, 15), SHARP.slice(15)];
    for (const part of parts) await database.transaction((tx) => addSharpness(tx, [{ ...chest, ...sharpnessHistoryOf(part) }]));
    const { images, mean, m2 } = await kept();
    const whole = sharpnessHistoryOf(SHARP);
    expect(images).toBe(40);
    expect(mean).toBeCloseTo(whole.mean, 12);
    expect(m2).toBeCloseTo(whole.m2, 12);
    expect(await kept({ ...chest, station: 'ROOM2' })).toEqual({ images: 0, mean: 0, m2: 0 });
  });

  it('loses nothing where many add at once, in whatever order', async () => {
    const sources = ['ROOM3', 'ROOM4', 'ROOM5'].map((station) => ({ ...chest, station }));
    const added = sources.map((source) => ({ ...source, ...sharpnessHistoryOf([0.1, 0.2]) }));
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => database.transaction((tx) => addSharpness(tx, i % 2 === 0 ? added : added.toReversed()))),
    );
    for (const source of sources) expect((await kept(source)).images).toBe(40);
  });
});
