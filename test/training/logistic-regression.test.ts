import { describe, expect, it } from '@jest/globals';
import { fitLogistic, scores, sigmoid, type Design } from '../../src/training/logistic-regression.js';
import { plattScaling } from '../../src/training/platt-scaling.js';
import { standardisationOf, standardise } from '../../src/training/standardisation.js';

const design: Design = { cases: 6, features: 2, values: Float64Array.of(0, 1, 1, 0, 2, 1, 3, -1, 4, 0.5, 5, 2) };
const labels = [0, 0, 1, 0, 1, 1];
const zero = { weights: new Float64Array(2), intercept: 0 };

describe('Logistic regression', () => {
  it('finds the minimum: the gradient vanishes there', () => {
    const penalty = 0.1;
    const { weights, intercept } = fitLogistic(design, labels, penalty, zero);
    const residuals = Array.from(scores(design, { weights, intercept }), (score, i) => (sigmoid(score) - labels[i]) / 6);
    expect(residuals.reduce((sum, residual) => sum + residual, 0)).toBeCloseTo(0, 5);
    for (const k of [0, 1]) {
      const slope = residuals.reduce((sum, residual, i) => sum + residual * design.values[2 * i + k], penalty * weights[k]);
      expect(slope).toBeCloseTo(0, 5);
    }
  });

  it('shrinks weights under a stronger penalty', () => {
    const length = (penalty: number) => Math.hypot(...fitLogistic(design, labels, penalty, zero).weights);
    expect(length(1)).toBeLessThan(length(0.1));
  });
});

describe('Platt scaling', () => {
  it('makes the mean probability the mean softened target', () => {
    const raw = Float64Array.of(-3, -1, 0.5, -0.2, 1, 4);
    const { slope, offset } = plattScaling(raw, labels);
    const mean = raw.reduce((sum, score) => sum + sigmoid(slope * score + offset), 0) / 6;
    expect(mean).toBeCloseTo((3 * (4 / 5) + 3 * (1 / 5)) / 6, 9);
    expect(slope).toBeGreaterThan(0);
  });
});

describe('Standardisation', () => {
  it('gives mean 0 and deviation 1, and leaves a feature that never changes at 0', () => {
    const cases = [Float64Array.of(1, 5), Float64Array.of(3, 5)];
    expect(Array.from(standardise(cases, standardisationOf(cases)).values)).toEqual([-1, 0, 1, 0]);
  });
});
