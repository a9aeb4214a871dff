import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { operatingPoint, rocArea, thresholdFor } from '../../../src/training/evaluation/roc.js';

interface Reference {
  readonly name: string;
  readonly input: { readonly labels: number[]; readonly scores: number[] };
  readonly expected: { readonly auc: number; readonly variance: number | null; readonly ci_delong: number[] | null };
}

const truth = new URL('../../../../../shared/stats/roc_auc.json', import.meta.url);
const present = existsSync(truth);
if (!present) console.warn('1 test skipped: ../shared/stats/roc_auc.json is absent');

describe('ROC area', () => {
  it('is the Mann–Whitney statistic, ties half', () => {
    expect(rocArea([1, 2, 3, 4], [0, 0, 1, 1]).auc).toBe(1);
    expect(rocArea([1, 1, 1, 1], [0, 1, 0, 1]).auc).toBe(0.5);
    expect(rocArea([1, 3, 2, 4], [0, 0, 1, 1]).auc).toBe(0.75);
  });

  it('is not certain where all pairs are ordered: as wide as the smaller class is small', () => {
    const perfect = (each: number) => [...new Array<number>(each).fill(0), ...new Array<number>(3 * each).fill(1)];
    const [few, many] = [5, 50].map((each) => rocArea(perfect(each), perfect(each)).interval);
    expect(few).toEqual([expect.closeTo(0.5655, 4), 1]); // Wilson, 5 of 5
    expect(many).toEqual([expect.closeTo(0.92865, 4), 1]);
  });

  (present ? it : it.skip)('has DeLong’s variance and interval (references from R)', () => {
    const { cases } = JSON.parse(readFileSync(truth, 'utf8')) as { cases: Reference[] };
    const measurable = cases.filter(({ expected }) => typeof expected.variance === 'number' && expected.ci_delong !== null);
    expect(measurable.length).toBeGreaterThan(3);
    for (const { input, expected } of measurable) {
      const { auc, standardError } = rocArea(input.scores, input.labels);
      expect(auc).toBeCloseTo(expected.auc, 9);
      expect(standardError ** 2).toBeCloseTo(expected.variance ?? NaN, 9);
    }
  });
});

describe('Operating point', () => {
  const scores = [0.1, 0.4, 0.35, 0.8];
  const labels = [0, 0, 1, 1];

  it('counts a score at the threshold as positive', () => {
    expect(operatingPoint(scores, labels, 0.4)).toEqual({ sensitivity: 0.5, specificity: 0.5 });
    expect(operatingPoint(scores, labels, 0.35)).toEqual({ sensitivity: 1, specificity: 0.5 });
  });

  it('takes the highest threshold that reaches a sensitivity', () => {
    expect(thresholdFor(0.5, scores, labels)).toBe(0.8);
    expect(thresholdFor(0.51, scores, labels)).toBe(0.35);
  });
});
