import { describe, expect, it } from '@jest/globals';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { measureQuality } from '../../../src/inference/preparation/quality.js';
import { windowed } from './a-stored-image.js';

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
