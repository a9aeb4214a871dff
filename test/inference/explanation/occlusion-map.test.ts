import { describe, expect, it } from '@jest/globals';
import { occlusionMap } from '../../../src/inference/explanation/occlusion-map.js';

const [ROWS, COLUMNS] = [16, 32];
/** Dark, but for one bright pixel in row 5, column 26: cell (2, 6). */
const planes = (): Float32Array => Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => (i === 5 * COLUMNS + 26 ? 1 : 0));
const picture = { planes: planes(), channels: 1, rows: ROWS, columns: COLUMNS };

const CELLS = Array.from({ length: 64 }, (_, i) => [Math.floor(i / 8), i % 8]);

describe('An occlusion map', () => {
  it('shows where a picture must not be hidden: at the cells whose patch covers the place, by what is lost', async () => {
    const bright = (given: Float32Array) => Promise.resolve(0.1 + 0.8 * given[5 * COLUMNS + 26]);
    const { rows, columns, values } = await occlusionMap(picture, bright);
    expect([rows, columns]).toEqual([8, 8]);
    const found = Array.from(values).flatMap((value, i) => (value > 0.5 ? [[Math.floor(i / 8), i % 8]] : []));
    expect(found).toEqual(CELLS.filter(([y, x]) => covers(y, x)));
    expect(found).toHaveLength(4);
    expect(values[2 * 8 + 6]).toBeCloseTo(0.8 * (1 - 1 / (ROWS * COLUMNS)), 6);
    expect(picture.planes).toEqual(planes());
  });

  it('is 0 where hiding makes the class likelier, and everywhere where nothing matters', async () => {
    const dark = (given: Float32Array) => Promise.resolve(1 - given[5 * COLUMNS + 26]);
    expect((await occlusionMap(picture, dark)).values.every((value) => value === 0)).toBe(true);
    expect((await occlusionMap(picture, () => Promise.resolve(0.5))).values.every((value) => value === 0)).toBe(true);
  });

  it('hides all planes at once, each by its own mean', async () => {
    const both = { ...picture, channels: 2, planes: Float32Array.from([...planes(), ...planes().map((value) => 3 * value)]) };
    const seen: number[] = [];
    await occlusionMap(both, (given) => {
      seen.push(given[5 * COLUMNS + 26] + given[ROWS * COLUMNS + 5 * COLUMNS + 26]);
      return Promise.resolve(0);
    });
    expect(Math.min(...seen)).toBeCloseTo(4 / (ROWS * COLUMNS), 6);
    expect(seen[0]).toBe(4);
  });
});

/** Patches reach half a cell beyond their cell: 2 rows a cell, so 1 more; 4 columns a cell, so 2 more. */
function covers(y: number, x: number): boolean {
  return 5 >= 2 * y - 1 && 5 < 2 * y + 3 && 26 >= 4 * x - 2 && 26 < 4 * x + 6;
}
