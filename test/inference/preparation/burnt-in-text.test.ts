import { describe, expect, it } from '@jest/globals';
import { burntInTextShare } from '../../../src/inference/preparation/burnt-in-text.js';

const [ROWS, COLUMNS] = [400, 500];

/** Five by seven dots each: T, E, X, 1. */
const GLYPHS = [
  ['#####', '  #  ', '  #  ', '  #  ', '  #  ', '  #  ', '  #  '],
  ['#####', '#    ', '#    ', '#### ', '#    ', '#    ', '#####'],
  ['#   #', '#   #', ' # # ', '  #  ', ' # # ', '#   #', '#   #'],
  ['  #  ', ' ##  ', '# #  ', '  #  ', '  #  ', '  #  ', '#####'],
];

/** Soft structure, darker than text is. */
const scene = (): Float64Array =>
  Float64Array.from({ length: ROWS * COLUMNS }, (_, i) => 0.3 + 0.2 * Math.sin((i % COLUMNS) / 40) * Math.cos(i / COLUMNS / 30));

/** Writes so many glyphs, each dot `dot` pixels wide. */
function write(values: Float64Array, top: number, left: number, count: number, dot = 2, white = 1): Float64Array {
  for (let one = 0; one < count; one++)
    GLYPHS[one % GLYPHS.length].forEach((line, row) =>
      Array.from(line).forEach((mark, column) => {
        for (let y = 0; y < dot && mark === '#'; y++) {
          const at = (top + row * dot + y) * COLUMNS + left + (one * 6 + column) * dot;
          values.fill(white, at, at + dot);
        }
      }),
    );
  return values;
}

const share = (values: Float64Array): number => burntInTextShare(ROWS, COLUMNS, values);

describe('Burnt-in text', () => {
  it('is found in lines, wherever they are, by the area of their boxes', () => {
    const line = (14 * (8 * 6 - 1) * 2) / (ROWS * COLUMNS); // eight characters of 10 × 14, 2 apart
    expect(share(write(scene(), 10, 10, 8))).toBeCloseTo(line, 3);
    expect(share(write(write(scene(), 10, 10, 8), 200, 240, 8))).toBeCloseTo(2 * line, 3);
    expect(share(write(scene(), ROWS - 14, COLUMNS - 96, 8))).toBeCloseTo(line, 3);
  });

  it('is found at other sizes', () => {
    expect(share(write(scene(), 50, 20, 6, 1))).toBeGreaterThan(0.0005);
    expect(share(write(scene(), 50, 20, 6, 3))).toBeGreaterThan(0.008);
  });

  it('is not seen in anatomy, nor in bright patches with soft edges', () => {
    expect(share(scene())).toBe(0);
    const bones = Float64Array.from({ length: ROWS * COLUMNS }, (_, i) => {
      const [y, x] = [Math.floor(i / COLUMNS), i % COLUMNS];
      return Math.min(1, 0.2 + 1.2 * Math.exp(-(((x % 60) - 30) ** 2 + ((y % 60) - 30) ** 2) / 90));
    });
    expect(share(bones)).toBe(0);
  });

  it('is not seen in a side marker alone, in grey letters or in a large white plate', () => {
    expect(share(write(scene(), 20, 20, 1))).toBe(0);
    expect(share(write(scene(), 20, 20, 8, 2, 0.8))).toBe(0);
    const plate = scene();
    for (let y = 100; y < 200; y++) plate.fill(1, y * COLUMNS + 100, y * COLUMNS + 300);
    expect(share(plate)).toBe(0);
  });

  it('takes noise and white or empty pictures for no text', () => {
    expect(share(Float64Array.from({ length: ROWS * COLUMNS }, (_, i) => ((i * 7919) % 97) / 96))).toBe(0);
    expect(share(new Float64Array(ROWS * COLUMNS).fill(1))).toBe(0);
    expect(burntInTextShare(1, 1, Float64Array.of(1))).toBe(0);
  });
});
