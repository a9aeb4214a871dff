import { describe, expect, it } from '@jest/globals';
import { affineOf } from '../../../src/training/augmentation/affine.js';
import { Augmentation } from '../../../src/training/augmentation/augmentation.js';
import { ElasticField } from '../../../src/training/augmentation/elastic-field.js';
import { GaussianBlur } from '../../../src/training/augmentation/gaussian-blur.js';
import { resample } from '../../../src/training/augmentation/resample.js';
import { DEFAULT_AUGMENTATION, type AugmentationSettings } from '../../../src/training/augmentation/settings.js';
import { Random } from '../../../src/training/random.js';

const [ROWS, COLUMNS] = [40, 56];
const picture = (): Float32Array =>
  Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => 0.5 + 0.4 * Math.sin(i / 9) * Math.cos(i / 500));
const GIVEN = picture();

type Change = keyof AugmentationSettings;
/** Only these changes, always. */
const only = (...changes: Change[]): AugmentationSettings =>
  Object.fromEntries(
    Object.entries(DEFAULT_AUGMENTATION).map(([name, settings]: [string, object]) => [
      name,
      { ...settings, probability: changes.includes(name as Change) ? 1 : 0 },
    ]),
  ) as unknown as AugmentationSettings; // the same members
const augmented = (settings: AugmentationSettings, seed = 1) =>
  new Augmentation(ROWS, COLUMNS, settings).augment(picture(), new Random(seed));
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const ALL = Object.keys(DEFAULT_AUGMENTATION) as Change[];

describe('Augmentation', () => {
  it('makes the same picture from the same seed, another from another', () => {
    expect(augmented(only(...ALL), 5)).toEqual(augmented(only(...ALL), 5));
    expect(augmented(only(...ALL), 5)).not.toEqual(augmented(only(...ALL), 6));
  });

  it('does not depend on the pictures made before but by the generator', () => {
    const again = new Augmentation(ROWS, COLUMNS, only(...ALL));
    again.augment(picture(), new Random(99));
    expect(again.augment(picture(), new Random(5))).toEqual(augmented(only(...ALL), 5));
  });

  it('leaves the picture given as it is, and gives it unchanged where nothing happens', () => {
    const given = picture();
    expect(new Augmentation(ROWS, COLUMNS, only()).augment(given, new Random(1))).toEqual(given);
    new Augmentation(ROWS, COLUMNS, only(...ALL)).augment(given, new Random(1));
    expect(given).toEqual(picture());
  });

  it.each(ALL)('stays in 0..1 and changes something: %s', (change) => {
    const made = augmented(only(change));
    expect(made).not.toEqual(picture());
    expect(made.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('stretches: twice as wide against the height, the area stays', () => {
    const { xx, xy, yx, yy } = affineOf({ degrees: 0, zoom: 1, stretch: 2, right: 0, down: 0, flipped: false }, ROWS, COLUMNS);
    expect([1 / xx, 1 / yy]).toEqual([expect.closeTo(Math.SQRT2, 12), expect.closeTo(Math.SQRT1_2, 12)]);
    expect([xy, yx].map(Math.abs)).toEqual([0, 0]);
  });

  it('flips left to right exactly', () => {
    const made = augmented(only('flip'));
    const given = picture();
    for (let y = 0; y < ROWS; y++)
      for (let x = 0; x < COLUMNS; x++) expect(made[y * COLUMNS + x]).toBeCloseTo(given[y * COLUMNS + COLUMNS - 1 - x], 6);
  });

  it('turns, counter-clockwise for positive degrees, by 90° exactly', () => {
    const square = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const turned = new Float32Array(9);
    const map = affineOf({ degrees: 90, zoom: 1, stretch: 1, right: 0, down: 0, flipped: false }, 3, 3);
    resample(square, 3, 3, map, undefined, turned);
    expect(Array.from(turned, Math.round)).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
  });

  it('makes brighter or darker by a factor in 0.8..1.2 and adds noise of a deviation in 0.01..0.05', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [brighter, noisy] = [augmented(only('brightness'), seed), augmented(only('noise'), seed)];
      const factor = brighter[3] / GIVEN[3];
      expect(factor).toBeGreaterThanOrEqual(0.8 - 1e-6);
      expect(factor).toBeLessThanOrEqual(1.2 + 1e-6);
      const difference = noisy.map((value, i) => (value - GIVEN[i]) ** 2);
      expect(Math.sqrt(mean(difference))).toBeGreaterThan(0.008);
      expect(Math.sqrt(mean(difference))).toBeLessThan(0.06);
    }
  });

  it('does each of the usual changes about every other time', () => {
    const settings = { ...only(), brightness: DEFAULT_AUGMENTATION.brightness };
    const random = new Random(2);
    const augmentation = new Augmentation(ROWS, COLUMNS, settings);
    const changed = Array.from({ length: 400 }, () => augmentation.augment(GIVEN, random)[3] !== GIVEN[3]).filter(Boolean).length;
    expect(changed).toBeGreaterThan(160);
    expect(changed).toBeLessThan(240);
  });

  it('moves a mask as its picture: labels stay labels and lie where the picture says', () => {
    const disc = Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) =>
      ((i % COLUMNS) - 30) ** 2 + (Math.floor(i / COLUMNS) - 18) ** 2 < 80 ? 3 : 0,
    );
    const image = Float32Array.from(disc, (label) => (label === 3 ? 1 : 0));
    const moving = only('rotation', 'zoom', 'shift', 'flip', 'elastic');
    for (let seed = 0; seed < 10; seed++) {
      const made = new Augmentation(ROWS, COLUMNS, moving).augmentWithMask(image, disc, new Random(seed));
      expect(made.mask).not.toEqual(disc);
      expect(new Set(made.mask)).toEqual(new Set([0, 3]));
      const apart = made.mask.filter((label, i) => (label === 3) !== made.image[i] >= 0.5).length;
      expect(apart / made.mask.length).toBeLessThan(0.01); // nearest and bilinear part only within a pixel of the border
      expect(made.image).toEqual(new Augmentation(ROWS, COLUMNS, moving).augment(image, new Random(seed)));
    }
  });

  it('deforms smoothly: alpha 1000 and sigma 30 at 512 pixels, a smaller picture alike', () => {
    const field = new ElasticField(128, 128, DEFAULT_AUGMENTATION.elastic).draw(new Random(4));
    const deviation = Math.sqrt(field.right.reduce((sum, value) => sum + value * value, 0) / field.right.length);
    // 62.5 × √(1/3) / (2 √π × 7.5); one field has few independent parts
    expect(deviation).toBeGreaterThan(1.36 * 0.7);
    expect(deviation).toBeLessThan(1.36 * 1.5);
    const step = field.right.slice(1).map((value, i) => ((i + 1) % 128 === 0 ? 0 : Math.abs(value - field.right[i])));
    expect(Math.max(...step)).toBeLessThan(1); // a fall of more than a pixel a pixel would fold the picture
  });

  it('deforms larger pictures as if every pixel of the field were smoothed, to a hundredth', () => {
    const [side, { alpha, sigma }] = [256, DEFAULT_AUGMENTATION.elastic];
    const field = new ElasticField(side, side, DEFAULT_AUGMENTATION.elastic).draw(new Random(4));
    const random = new Random(4);
    const whole = Float64Array.from({ length: side * side }, () => (alpha / 4) * (2 * random.uniform() - 1));
    new GaussianBlur(side, side).blur(whole, sigma / 2, whole);
    const most = whole.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
    expect(Math.max(...whole.map((value, i) => Math.abs(value - field.right[i])))).toBeLessThan(0.015 * most);
  });

  it('erases one rectangle, to the picture’s mean', () => {
    const made = augmented(only('erasing'));
    const erased = Array.from(made.keys()).filter((i) => made[i] !== GIVEN[i]);
    const rows = erased.map((i) => Math.floor(i / COLUMNS));
    const columns = erased.map((i) => i % COLUMNS);
    const area = (Math.max(...rows) - Math.min(...rows) + 1) * (Math.max(...columns) - Math.min(...columns) + 1);
    expect(erased).toHaveLength(area);
    expect(area / made.length).toBeGreaterThan(0.015);
    expect(area / made.length).toBeLessThan(0.12);
    expect(made[erased[0]]).toBeCloseTo(mean(picture()), 6);
  });
});
