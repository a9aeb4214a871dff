import { describe, expect, it } from '@jest/globals';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { clippedShare, imageQuality, measureQuality, saturationOf } from '../../../src/inference/preparation/quality.js';
import { aStoredImage, windowed } from './a-stored-image.js';

/** A smooth ramp from `low` to `high`. */
const ramp = (low: number, high: number) =>
  measureQuality(
    20,
    20,
    Float64Array.from({ length: 400 }, (_, i) => low + ((high - low) * (i % 20)) / 19),
  );

describe('Image quality', () => {
  it('measures as numpy and OpenCV do (Laplacian ksize 1, filter2D, BORDER_REFLECT_101)', () => {
    const { values } = displayImage(windowed(), 1);
    const quality = measureQuality(6, 7, values);
    expect(quality.contrast).toBeCloseTo(0.6783702848892359, 9);
    expect(quality.sharpness).toBeCloseTo(2.5713354812295286, 9);
    expect(quality.noise).toBeCloseTo(3.0509462833248864, 9);
    expect(quality.brightness).toBeCloseTo(0.5225396825396826, 9);
    expect(quality.passes).toEqual({ contrast: true, sharpness: true, noise: false, brightness: true });
    expect(quality.score).toBe(75);
  });

  it('finds a smooth ramp free of noise, and not sharp', () => {
    expect(ramp(0, 1)).toMatchObject({
      passes: { contrast: true, sharpness: false, noise: true, brightness: true },
      score: 75,
    });
  });

  it('marks what is too dark, too bright and too flat', () => {
    expect(ramp(0, 0.3).passes.brightness).toBe(false);
    expect(ramp(0.7, 1).passes.brightness).toBe(false);
    expect(ramp(0.45, 0.55).passes.contrast).toBe(false);
  });

  it('takes 0.2 and 0.8 as bright enough and not too bright', () => {
    expect(measureQuality(1, 1, Float64Array.of(0.2)).passes.brightness).toBe(true);
    expect(measureQuality(1, 1, Float64Array.of(0.8)).passes.brightness).toBe(true);
  });

  it('gives a black image 25 points: only its noise passes', () => {
    expect(measureQuality(4, 4, new Float64Array(16))).toMatchObject({
      contrast: 0,
      sharpness: 0,
      noise: 0,
      brightness: 0,
      score: 25,
    });
  });
});

describe('Padding', () => {
  const SIDE = 24;
  const inside = (i: number) => (i % SIDE) - 8 >= 0 && (i % SIDE) - 8 < 10 && Math.floor(i / SIDE) >= 6 && Math.floor(i / SIDE) < 18;
  const texture = (i: number) => 0.5 + 0.2 * Math.sin(i * 1.7) * Math.cos(i / 5);
  const padding = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (inside(i) ? 0 : 1));
  const picture = (around: number) => Float64Array.from({ length: SIDE * SIDE }, (_, i) => (inside(i) ? texture(i) : around));

  it('counts for nothing: whatever lies around a picture, its measures are the same', () => {
    const dark = measureQuality(SIDE, SIDE, picture(0), padding);
    expect(measureQuality(SIDE, SIDE, picture(1), padding)).toEqual(dark);
    expect(measureQuality(SIDE, SIDE, picture(0)).brightness).toBeLessThan(dark.brightness);
    const within = picture(0).filter((_, i) => inside(i));
    expect(dark.brightness).toBeCloseTo(within.reduce((sum, value) => sum + value, 0) / within.length, 12);
  });

  it('does not change what is measured where there is none', () => {
    const none = new Uint8Array(SIDE * SIDE);
    const [plain, masked] = [measureQuality(SIDE, SIDE, picture(0.3)), measureQuality(SIDE, SIDE, picture(0.3), none)];
    for (const name of ['contrast', 'sharpness', 'noise', 'brightness'] as const) expect(masked[name]).toBeCloseTo(plain[name], 10);
  });

  it('is not saturated', () => {
    const image = aStoredImage({ rows: 1, columns: 4, samples: Uint16Array.of(4095, 0, 4095, 4094) });
    expect(saturationOf({ ...image, greatestStoredValue: 4095 }, Uint8Array.of(1, 0, 0, 1))).toBe(0.5);
  });
});

describe('What is measured beside the score', () => {
  it('the share of pixels black or white to the end, padding left out', () => {
    expect(clippedShare(Float64Array.of(0, 0.5, 1, 0.2))).toBe(0.5);
    expect(clippedShare(Float64Array.of(0, 0.5, 1, 0.2), Uint8Array.of(1, 0, 0, 0))).toBeCloseTo(1 / 3, 12);
    expect(clippedShare(Float64Array.of(0), Uint8Array.of(1))).toBe(0);
  });

  it('the share of grey at the greatest value that can be stored, where there is one', () => {
    const image = aStoredImage({ rows: 1, columns: 4, samples: Uint16Array.of(4095, 0, 4095, 4094) });
    expect(saturationOf({ ...image, greatestStoredValue: 4095 })).toBe(0.5);
    expect(saturationOf(image)).toBeUndefined();
  });

  it('the saturation of colours (HSV): 0 for grey and black, 1 for pure ones', () => {
    const of = (...samples: number[]) =>
      saturationOf({ ...aStoredImage(), samplesPerPixel: 3, photometricInterpretation: 'RGB', samples: Uint8Array.from(samples) });
    expect(of(7, 7, 7, 0, 0, 0)).toBe(0);
    expect(of(255, 0, 0, 200, 100, 150)).toBe(0.75);
  });

  it('comes with the four measures', () => {
    const image = { ...windowed(), greatestStoredValue: 4095 };
    const shown = displayImage(image, 1);
    const quality = imageQuality(shown, image);
    expect(quality).toMatchObject(measureQuality(6, 7, shown.values));
    expect(quality).toMatchObject({ clippedShare: 14 / 42, saturation: 0, burntInTextShare: 0 });
  });
});
