import { describe, expect, it } from '@jest/globals';
import type { ModelPreparation } from '../../../src/inference/model-card.js';
import { measureQuality } from '../../../src/inference/preparation/quality.js';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { prepareImage } from '../../../src/inference/preparation/prepare-image.js';
import { window } from '../../../src/inference/preparation/window.js';
import { aStoredImage, greatestDifference, windowed } from './a-stored-image.js';

const preparation = (change: Partial<ModelPreparation> = {}): ModelPreparation => ({
  rows: 4,
  columns: 3,
  channels: 1,
  normalisation: 'z_score',
  resize: 'bilinear',
  aspect: 'stretch',
  ...change,
});

describe('Prepare an image for a model', () => {
  it('windows, normalises at full size, then resizes (numpy, OpenCV)', () => {
    const { images, dims } = prepareImage(windowed(), preparation());
    expect(dims).toEqual([1, 1, 4, 3]);
    const expected = [
      -1.2476519, -0.4632376, 0.6612723, -0.6904905, -0.7523973, 0.7905713, -0.2218794, -0.6395545, -0.4781266, 1.0875674, -0.1247092,
      -0.0502643,
    ];
    expect(greatestDifference(images, expected)).toBeLessThan(1e-6);
  });

  it('equalises, then averages areas (scikit-image, OpenCV)', () => {
    const asked = preparation({ normalisation: 'histogram_equalization', resize: 'area' });
    const expected = [
      0.2460318, 0.5020408, 0.6594331, 0.3546485, 0.4095238, 0.762517, 0.5402873, 0.607226, 0.4394482, 0.7693122, 0.5178836, 0.6391308,
    ];
    expect(greatestDifference(prepareImage(windowed(), asked).images, expected)).toBeLessThan(1e-6);
  });

  it('measures quality before normalisation and resizing', () => {
    const { quality } = prepareImage(windowed(), preparation());
    expect(quality).toMatchObject(measureQuality(6, 7, displayImage(windowed(), 1).values));
  });

  it('repeats grey where the model takes three channels', () => {
    const { images, dims } = prepareImage(windowed(), preparation({ channels: 3 }));
    const grey = prepareImage(windowed(), preparation()).images;
    expect(dims).toEqual([1, 3, 4, 3]);
    expect(Array.from(images)).toEqual([...grey, ...grey, ...grey]);
  });

  it('keeps colour channels apart, and measures quality on luminance', () => {
    const samples = Uint8Array.from({ length: 126 }, (_, i) => [200, 100, i < 30 ? 0 : 50][i % 3]);
    const colour = aStoredImage({ samples, samplesPerPixel: 3, photometricInterpretation: 'RGB' });
    const asked = preparation({ channels: 3, rows: 6, columns: 7, normalisation: 'none' });
    const { images, quality } = prepareImage(colour, asked);
    expect(greatestDifference(images.subarray(0, 42), new Float32Array(42).fill(1))).toBeLessThan(1e-6);
    expect(greatestDifference(images.subarray(42, 84), new Float32Array(42).fill(0.5))).toBeLessThan(1e-6);
    const blue = Array.from(images.subarray(84));
    const luminance = blue.reduce((sum, value) => sum + 0.299 + 0.587 * 0.5 + 0.114 * value, 0) / 42;
    expect(quality.brightness).toBeCloseTo(luminance, 6);
  });

  it('lays a picture that keeps its shape into the middle, with padding beside it', () => {
    const asked = preparation({ rows: 6, columns: 14, aspect: 'keep', padding: -9, normalisation: 'none' });
    const { images } = prepareImage(windowed(), asked);
    const whole = prepareImage(windowed(), preparation({ rows: 6, columns: 7, normalisation: 'none' })).images;
    const row = (y: number) => Array.from(images.subarray(y * 14, (y + 1) * 14));
    for (let y = 0; y < 6; y++) {
      const beside = (count: number) => Array.from({ length: count }, () => -9);
      expect(row(y)).toEqual([...beside(3), ...whole.subarray(y * 7, (y + 1) * 7), ...beside(4)]);
    }
  });

  it('resizes before it normalises where the card says so', () => {
    const asked = preparation({ order: 'resize-then-normalise', resize: 'area' });
    const { images } = prepareImage(windowed(), asked);
    const mean = images.reduce((sum, value) => sum + value, 0) / 12;
    const deviation = Math.sqrt(images.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 12);
    expect(mean).toBeCloseTo(0, 6);
    expect(deviation).toBeCloseTo(1, 6);
  });

  it('scales each channel last', () => {
    const scale = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
    const grey = prepareImage(windowed(), preparation({ normalisation: 'none' })).images;
    const { images } = prepareImage(windowed(), preparation({ normalisation: 'none', channels: 3, scale }));
    const expected = [0, 1, 2].flatMap((channel) => Array.from(grey, (value) => (value - scale.mean[channel]) / scale.deviation[channel]));
    expect(greatestDifference(images, expected)).toBeLessThan(1e-6);
  });

  it('gives Hounsfield windows as channels, and measures quality on the picture as shown', () => {
    const windows = [
      { windowCenter: 500, windowWidth: 400 },
      { windowCenter: 1000, windowWidth: 2000 },
    ];
    const values = { from: 'windows', form: 'exact', windows } as const;
    const asked = preparation({ rows: 6, columns: 7, channels: 2, values, normalisation: 'none' });
    const { images, dims, quality } = prepareImage(windowed(), asked);
    expect(dims).toEqual([1, 2, 6, 7]);
    const modality = Array.from(aStoredImage().samples, (value) => 2 * value - 100);
    const expected = [...window(modality, 500, 400), ...window(modality, 1000, 2000)];
    expect(greatestDifference(images, expected)).toBeLessThan(1e-6);
    expect(quality).toEqual(prepareImage(windowed(), preparation()).quality);
  });

  it('leaves padding out of statistics in either order', () => {
    const padded = aStoredImage({
      pixelPaddingValue: 65_535,
      samples: aStoredImage().samples.map((value, i) => (i % 7 < 2 ? 65_535 : value)),
    });
    const asked = preparation({ rows: 6, columns: 7, normalisation: 'min_max', clipPercentiles: [5, 95] });
    const first = prepareImage(padded, asked).images;
    expect(Array.from(first).filter((_, i) => i % 7 < 2)).toEqual(Array.from({ length: 12 }, () => 0));
    expect(greatestDifference(prepareImage(padded, { ...asked, order: 'resize-then-normalise' }).images, first)).toBeLessThan(1e-6);
  });

  it('makes the same of an image whatever was prepared before it', () => {
    const first = prepareImage(windowed(), preparation());
    const large = aStoredImage({ rows: 300, columns: 300, samples: new Uint16Array(90_000).fill(7).fill(900, 5, 70) });
    prepareImage(large, preparation());
    expect(prepareImage(windowed(), preparation())).toEqual(first);
  });

  it('leaves the stored samples untouched', () => {
    const image = aStoredImage({ samples: Float64Array.from({ length: 42 }, (_, i) => i) });
    prepareImage(image, preparation());
    expect(Array.from(image.samples)).toEqual(Array.from({ length: 42 }, (_, i) => i));
  });
});
