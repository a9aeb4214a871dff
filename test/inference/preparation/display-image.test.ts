import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { ImageUnpreparable, WindowInvalid } from '../../../src/inference/preparation/faults.js';
import type { StoredImage } from '../../../src/inference/preparation/stored-image.js';
import { window } from '../../../src/inference/preparation/window.js';
import { aStoredImage, greatestDifference, windowed } from './a-stored-image.js';

const row = (samples: number[], change: Partial<StoredImage> = {}) =>
  aStoredImage({ rows: 1, columns: samples.length, samples: Int16Array.from(samples), ...change });
const shown = (image: StoredImage) => Array.from(displayImage(image, 1).values);

describe('Window', () => {
  it('clips to centre ± width / 2 and scales to 0..1', () => {
    expect(Array.from(window([-1, 0, 25, 50, 100, 101], 50, 100))).toEqual([0, 0, 0.25, 0.5, 1, 1]);
  });

  it.each([
    [50, 0],
    [50, -1],
    [NaN, 100],
    [50, Infinity],
  ])('refuses centre %p with width %p', (windowCenter, windowWidth) => {
    expect(() => window([1], windowCenter, windowWidth)).toThrow(WindowInvalid);
    expect(() => shown(row([1, 2], { windowCenter, windowWidth }))).toThrow(WindowInvalid);
  });

  it('refuses a centre without a width', () => {
    expect(() => shown(row([1, 2], { windowCenter: 1 }))).toThrow(WindowInvalid);
  });
});

describe('Window by DICOM’s LINEAR (PS3.3 C.11.2.1.2.1)', () => {
  it('is half a unit lower and a unit narrower', () => {
    expect(Array.from(window([0, 2047, 4095], 2048, 4096, 'linear'))).toEqual([0, 2047 / 4095, 1]); // the clause's own example
    expect(Array.from(window([-1, 0, 50, 99, 100], 50, 100, 'linear'))).toEqual([0, 0, 50 / 99, 1, 1]);
  });

  it('is a step at width 1, and nothing below', () => {
    expect(Array.from(window([9, 9.5, 9.6, 10], 10, 1, 'linear'))).toEqual([0, 0, 1, 1]);
    expect(() => window([1], 10, 0.9, 'linear')).toThrow(WindowInvalid);
  });

  it('is for images that say LINEAR; those that say LINEAR_EXACT keep their formula', () => {
    const through = (voiLutFunction: 'LINEAR' | 'LINEAR_EXACT', form: 'exact' | 'linear') =>
      displayImage(row([0, 25, 100], { windowCenter: 50, windowWidth: 100, voiLutFunction }), 1, { from: 'image', form }).values[1];
    expect([through('LINEAR', 'linear'), through('LINEAR_EXACT', 'linear'), through('LINEAR', 'exact')]).toEqual([25 / 99, 0.25, 0.25]);
  });
});

describe('Values that a model’s card asks for', () => {
  const aCt = (change: Partial<StoredImage> = {}) =>
    row([0, 1064, 3000, -2000], { intercept: -1024, pixelPaddingValue: -2000, windowCenter: 1, windowWidth: 1, ...change });
  const windows = [
    { windowCenter: 40, windowWidth: 400 },
    { windowCenter: -600, windowWidth: 1500 },
  ];

  it('are Hounsfield windows as channels, whatever window the image has', () => {
    const { values, channels } = displayImage(aCt(), 2, { from: 'windows', form: 'exact', windows });
    expect(channels).toBe(2);
    expect(Array.from(values, (value) => Number(value.toFixed(6)))).toEqual([0, 0.5, 1, 0, 0.217333, 0.926667, 1, 0]);
  });

  it('are turned round after the windows in MONOCHROME1', () => {
    const image = aCt({ photometricInterpretation: 'MONOCHROME1' });
    const { values } = displayImage(image, 1, { from: 'windows', form: 'exact', windows: windows.slice(0, 1) });
    expect(Array.from(values)).toEqual([1, 0.5, 0, 0]);
  });

  it('are modality values as they are; padding takes the lowest', () => {
    const { values, padding } = displayImage(aCt(), 1, { from: 'modality' });
    expect(Array.from(values)).toEqual([-1024, 40, 1976, -1024]);
    expect(Array.from(padding ?? [])).toEqual([0, 0, 0, 1]);
  });

  it('are not those of colour', () => {
    const colour = aStoredImage({
      rows: 1,
      columns: 1,
      samples: Uint8Array.of(1, 2, 3),
      samplesPerPixel: 3,
      photometricInterpretation: 'RGB',
    });
    expect(() => displayImage(colour, 1, { from: 'modality' })).toThrow(ImageUnpreparable);
  });
});

describe('A table over the stored values', () => {
  it('gives what working out each pixel gives, signed and unsigned, with padding', () => {
    const values = Array.from({ length: 400 * 400 }, (_, i) => ((i * i) % 251) - 60); // more pixels than a table's entries
    for (const large of [Uint8Array.from(values), Int8Array.from(values), Uint16Array.from(values), Int16Array.from(values)]) {
      const image = aStoredImage({ rows: 400, columns: 400, samples: large, slope: -1.5, intercept: 3, pixelPaddingValue: 5 });
      const pixelByPixel = displayImage({ ...image, samples: Float64Array.from(large) }, 1);
      expect(displayImage(image, 1)).toEqual(pixelByPixel);
    }
  });
});

describe('From stored values to a picture in 0..1', () => {
  it('applies slope and intercept before the window', () => {
    // numpy: clip(2 s − 100, 100, 1300) scaled, first row
    const expected = [0, 0, 0.0966667, 0.3833333, 0.7733333, 1, 0.1966667];
    expect(greatestDifference(shown(windowed()).slice(0, 7), expected)).toBeLessThan(1e-6);
  });

  it('scales to the image’s own minimum and maximum without a window', () => {
    expect(shown(row([-10, 0, 30]))).toEqual([0, 0.25, 1]);
  });

  it('looks values up in the Modality LUT, ends repeated, in place of slope and intercept', () => {
    const modalityLut = { firstStoredValue: 10, values: [0, 5, 20] };
    expect(shown(row([0, 10, 11, 12, 99], { modalityLut, slope: 7 }))).toEqual([0, 0, 0.25, 1, 1]);
  });

  it('turns MONOCHROME1 round: the lowest value is white', () => {
    expect(shown(row([-10, 0, 30], { photometricInterpretation: 'MONOCHROME1' }))).toEqual([1, 0.75, 0]);
  });

  it('takes a window in values before inversion', () => {
    const windowOnLow = { windowCenter: 10, windowWidth: 20, photometricInterpretation: 'MONOCHROME1' };
    expect(shown(row([0, 5, 20, 100], windowOnLow))).toEqual([1, 0.75, 0, 0]);
  });

  it('shows a MONOCHROME1 image and its MONOCHROME2 twin alike, with and without a window', () => {
    const samples = fc.uint16Array({ minLength: 2, maxLength: 40, max: 4095 });
    const windows = fc.option(fc.tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 1, max: 5000 })), {
      nil: undefined,
    });
    fc.assert(
      fc.property(samples, windows, (stored, given) => {
        const [windowCenter, windowWidth] = given ?? [];
        const image = row(Array.from(stored), { windowCenter, windowWidth });
        const twin = row(
          Array.from(stored, (value) => 4095 - value),
          {
            photometricInterpretation: 'MONOCHROME1',
            windowCenter: windowCenter === undefined ? undefined : 4095 - windowCenter,
            windowWidth,
          },
        );
        expect(greatestDifference(shown(twin), shown(image))).toBeLessThan(1e-6);
      }),
    );
  });

  it('leaves padding out of minimum and maximum and shows it black', () => {
    expect(shown(row([-2000, 10, 20, 30], { pixelPaddingValue: -2000 }))).toEqual([0, 0, 0.5, 1]);
    const range = { pixelPaddingValue: 900, pixelPaddingRangeLimit: 1000, photometricInterpretation: 'MONOCHROME1' };
    expect(shown(row([950, 10, 20, 30], range))).toEqual([0, 1, 0.5, 0]);
  });

  it('shows an image of one single value black, whatever its photometric interpretation', () => {
    expect(shown(row([7, 7]))).toEqual([0, 0]);
    expect(shown(row([7, 7], { photometricInterpretation: 'MONOCHROME1' }))).toEqual([0, 0]);
  });

  it('makes luminance of colour (BT.601), or three planes', () => {
    const samples = Uint8Array.from({ length: 18 }, (_, i) => (i * 53) % 256);
    const colour = aStoredImage({ rows: 2, columns: 3, samples, samplesPerPixel: 3, photometricInterpretation: 'RGB' });
    expect(greatestDifference(shown(colour), [0, 1, 0.4775991, 0.3200222, 0.9551981, 0.2079867])).toBeLessThan(1e-6);
    const planes = displayImage(colour, 3);
    expect(planes.channels).toBe(3);
    const red = [0, 0.6913043, 0.2695652, 0.9608696, 0.5391304, 0.1173913];
    expect(greatestDifference(planes.values.subarray(0, 6), red)).toBeLessThan(1e-6);
  });

  it.each<[string, Partial<StoredImage>]>([
    ['samples too few', { rows: 7 }],
    ['no rows', { rows: 0, samples: new Uint8Array(0) }],
    ['palette colour', { photometricInterpretation: 'PALETTE COLOR' }],
    ['RGB with one sample', { photometricInterpretation: 'RGB' }],
    ['a value that is no number', { samples: new Float32Array(42).fill(NaN, 41) }],
    ['a slope that is no number', { slope: NaN }],
    ['an empty Modality LUT', { modalityLut: { firstStoredValue: 0, values: [] } }],
    ['nothing but padding', { samples: new Uint8Array(42), pixelPaddingValue: 0 }],
  ])('refuses %s', (_, change) => {
    expect(() => shown(aStoredImage(change))).toThrow(ImageUnpreparable);
  });
});
