import { describe, expect, it } from '@jest/globals';
import { featureSpace } from '../../../src/training/evaluation/feature-space.js';
import { areaOver, exchanged } from '../../../src/training/evaluation/map-score.js';
import { predictiveEntropy, ranking } from '../../../src/training/evaluation/ranking.js';
import { Random } from '../../../src/training/random.js';

describe('The space of training features', () => {
  it('whitens: what was correlated is not any more, and has the same spread in all directions', () => {
    const random = new Random(2);
    const features = Array.from({ length: 4000 }, (_, i) => {
      const [a, b] = [random.normal(), random.normal()];
      return Float32Array.of(3 * a + (i % 2) * 10, a + 2 * b, b - 1 + (i % 2));
    });
    const labels = features.map((_, i) => i % 2);
    const { means, whitening } = featureSpace(features, labels, 2);
    expect(Array.from(means, (value) => Math.round(value) + 0)).toEqual([0, 0, -1, 10, 0, 0]);
    const white = features.map((own, i) =>
      [0, 1, 2].map((column) => own.reduce((sum, value, f) => sum + (value - means[labels[i] * 3 + f]) * whitening[f * 3 + column], 0)),
    );
    const moment = (a: number, b: number) => white.reduce((sum, own) => sum + own[a] * own[b], 0) / white.length;
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      expect(Math.abs(moment(a, b))).toBeLessThan(0.35); // the ridge leaves a little of the third, which depends on the others
    expect(moment(0, 0)).toBeGreaterThan(0.8);
    expect(moment(0, 0)).toBeLessThanOrEqual(1.01);
  });

  it('does not break on a feature that never changes', () => {
    const features = Array.from({ length: 20 }, (_, i) => Float32Array.of(i, 5));
    expect(
      featureSpace(
        features,
        features.map((_, i) => i % 2),
        2,
      ).whitening.every(Number.isFinite),
    ).toBe(true);
  });
});

describe('Deletion and insertion of a map (Petsiuk et al. 2018)', () => {
  it('take the highest places of the map first, sixteenth by sixteenth, until nothing of the picture is left', () => {
    const planes = new Float32Array(16).fill(1);
    const map = { rows: 4, columns: 4, values: Float32Array.from({ length: 16 }, (_, i) => (i === 6 ? 9 : -i)) };
    const steps = exchanged(planes, new Float32Array(16), { channels: 1, rows: 4, columns: 4 }, map);
    expect(steps).toHaveLength(17);
    expect(Array.from(steps[1])).toEqual(Array.from({ length: 16 }, (_, i) => (i === 6 ? 0 : 1)));
    expect(steps[2][0]).toBe(0);
    expect(steps.map((step) => step.reduce((sum, value) => sum + value, 0))).toEqual(Array.from({ length: 17 }, (_, i) => 16 - i));
  });

  it('lay a coarse map over all channels of a finer picture', () => {
    const [, first] = exchanged(
      new Float32Array(32).fill(1),
      new Float32Array(32),
      { channels: 2, rows: 4, columns: 4 },
      { rows: 2, columns: 2, values: [0, 0, 0, 1] },
    );
    expect(first.filter((value) => value === 0)).toHaveLength(8); // an eighth of four cells is one: 2 × 2 pixels of 2 channels
  });

  it('have the area of their curve', () => {
    expect(areaOver([1, 1, 1])).toBe(1);
    expect(areaOver([1, 0.5, 0])).toBe(0.5);
  });
});

describe('Ranking by a measure of doubt', () => {
  it('is 1 where every wanted case stands above the others, and none of too few', () => {
    expect(ranking([3, 4], [1, 2])).toMatchObject({ auc: 1, found: 2, others: 2 });
    expect(ranking([1], [2, 3])).toBeUndefined();
  });

  it('has the entropy of probabilities as a share of its greatest', () => {
    expect(predictiveEntropy([0.5, 0.5])).toBe(1);
    expect(predictiveEntropy([0, 1, 0])).toBe(0);
  });
});
