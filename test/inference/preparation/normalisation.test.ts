import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { equalizeHistogram } from '../../../src/inference/preparation/histogram-equalization.js';
import { percentilesOf } from '../../../src/inference/preparation/percentiles.js';
import { minMax, normalise, normalisePicture, zScore } from '../../../src/inference/preparation/normalisation.js';
import { greatestDifference, windowed } from './a-stored-image.js';

const picture = () => displayImage(windowed(), 1).values;

describe('Normalisation', () => {
  it('z_score: population mean and deviation (numpy)', () => {
    const values = picture();
    normalise(values, 'z_score');
    const first = [-1.4741211, -1.4741211, -1.2014177, -0.3927109, 0.7075065, 1.3469491, -0.9193107];
    const last = [0.7357172, 1.3469491, -1.4741211, -0.0165682, 1.3469491, -0.6278001, 1.3469491];
    expect(greatestDifference(values.subarray(0, 7), first)).toBeLessThan(1e-6);
    expect(greatestDifference(values.subarray(35), last)).toBeLessThan(1e-6);
  });

  it('histogram_equalization: as scikit-image 0.26 equalize_hist', () => {
    const values = picture();
    normalise(values, 'histogram_equalization');
    const first = [0.1190476, 0.1190476, 0.1666667, 0.4436508, 0.6904762, 1, 0.2106349];
    const last = [0.7142857, 1, 0.1190476, 0.5603175, 1, 0.3333333, 1];
    expect(greatestDifference(values.subarray(0, 7), first)).toBeLessThan(1e-6);
    expect(greatestDifference(values.subarray(35), last)).toBeLessThan(1e-6);
  });

  it('histogram_equalization keeps the order of grey values', () => {
    const greys = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(greys, (values) => {
        const sorted = Float64Array.from(values).sort();
        equalizeHistogram(sorted);
        expect(sorted.every((value, i) => value >= 0 && value <= 1 && (i === 0 || value >= sorted[i - 1] - 1e-12))).toBe(true);
      }),
    );
  });

  it('clips to percentiles before it scales (numpy)', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i);
    normalisePicture(values, { normalisation: 'min_max', clipPercentiles: [10, 90] });
    expect([values[5], values[10], values[50], values[90], values[99]]).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('finds percentiles as a sorted list has them', () => {
    const list = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(list, fc.double({ min: 0, max: 100, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b);
        const rank = (q / 100) * (sorted.length - 1);
        const below = Math.floor(rank);
        const above = Math.min(sorted.length - 1, below + 1);
        const [found] = percentilesOf(Float64Array.from(values), [q]);
        expect(found).toBeCloseTo(sorted[below] + (rank - below) * (sorted[above] - sorted[below]), 6);
      }),
    );
  });

  it('counts no padding: the picture’s values become what they would without it, padding its lowest', () => {
    const padding = Uint8Array.of(1, 0, 0, 1, 0, 0);
    for (const normalisation of ['z_score', 'min_max', 'histogram_equalization'] as const) {
      const alone = Float64Array.of(0.2, 0.5, 0.9, 0.4);
      normalise(alone, normalisation);
      const padded = Float64Array.of(0, 0.2, 0.5, 1, 0.9, 0.4);
      normalisePicture(padded, { normalisation }, padding);
      expect(Array.from(padded)).toEqual([alone[0], alone[0], alone[1], alone[0], alone[2], alone[3]]);
    }
  });

  it('min_max: 0..1', () => {
    const values = Float64Array.of(0.2, 0.4, 0.6);
    minMax(values);
    expect(greatestDifference(values, [0, 0.5, 1])).toBeLessThan(1e-15);
  });

  it('none: as it is', () => {
    const values = Float64Array.of(0.2, 0.4);
    normalise(values, 'none');
    expect(Array.from(values)).toEqual([0.2, 0.4]);
  });

  it('leaves a constant image as it is, even where its mean rounds off it; equalised it is 0.5', () => {
    const constant = () => new Float64Array(1000).fill(0.1);
    const [standardised, stretched, equalised] = [constant(), constant(), constant()];
    zScore(standardised);
    minMax(stretched);
    equalizeHistogram(equalised);
    expect(standardised).toEqual(constant());
    expect(stretched).toEqual(constant());
    expect(greatestDifference(equalised, constant().fill(0.5))).toBeLessThan(1e-9);
  });
});
