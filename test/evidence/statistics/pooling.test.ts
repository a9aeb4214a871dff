import { describe, expect, it } from '@jest/globals';
import { mantelHaenszel } from '../../../src/evidence/statistics/pooling/mantel-haenszel.js';
import { sitePooling } from '../../../src/evidence/statistics/pooling/site-pooling.js';
import { estimateHeterogeneity, proportionHeterogeneity } from '../../../src/evidence/statistics/pooling/subgroup-heterogeneity.js';
import { refusedWith } from './columns.js';

describe('Mantel and Haenszel', () => {
  // Bickel, Hammel and O'Connell, Science 187 (1975) 398: admissions to Berkeley; odds ratio and interval as R 4 prints them
  const berkeley = [
    [512, 313, 89, 19],
    [353, 207, 17, 8],
    [120, 205, 202, 391],
    [138, 279, 131, 244],
    [53, 138, 94, 299],
    [22, 351, 24, 317],
  ];

  it('has the printed common odds ratio of the Berkeley admissions: 0.9047 (0.7719 to 1.0603)', () => {
    const { mhOddsRatio, mhOddsRatioCi } = mantelHaenszel(berkeley, 0.95);
    expect(mhOddsRatio).toBeCloseTo(0.9046968, 7);
    expect(mhOddsRatioCi![0]).toBeCloseTo(0.7719074, 7);
    expect(mhOddsRatioCi![1]).toBeCloseTo(1.0603298, 7);
  });

  it('turns its ratio and difference round where the arms are exchanged', () => {
    const one = mantelHaenszel(berkeley, 0.95);
    const other = mantelHaenszel(berkeley.map(([a, b, c, d]) => [c, d, a, b]), 0.95); // prettier-ignore
    expect(other.cmhChi2).toBeCloseTo(one.cmhChi2!, 10);
    expect(other.mhOddsRatio).toBeCloseTo(1 / (one.mhOddsRatio as number), 12);
    expect(other.riskDifferenceCi![0]).toBeCloseTo(-one.riskDifferenceCi![1], 12);
  });

  it('is not changed by a stratum in which nobody was', () => {
    expect(mantelHaenszel([...berkeley, [0, 0, 0, 0], [5, 0, 0, 0]], 0.95)).toEqual(mantelHaenszel(berkeley, 0.95));
  });

  it('says what does not exist, and never a ratio of nothing', () => {
    expect(mantelHaenszel([[5, 0, 3, 4]], 0.95)).toMatchObject({ mhOddsRatio: 'Infinity', mhOddsRatioCi: null, flags: ['ZERO_CELL'] });
    expect(mantelHaenszel([[5, 0, 3, 0]], 0.95)).toMatchObject({ cmhChi2: null, p: null, mhOddsRatio: null });
    expect(mantelHaenszel([[5, 0, 0, 5]], 0.95)).toMatchObject({ riskDifference: 1, riskDifferenceCi: null });
    expect(refusedWith(() => mantelHaenszel([], 0.95))).toBe('E_EMPTY');
    expect(refusedWith(() => mantelHaenszel([[1, 2, 3], [-1, 2, 3, 4]], 0.95))).toBe('E_LENGTH_MISMATCH'); // prettier-ignore
    expect(refusedWith(() => mantelHaenszel([[-1, 2, 3, 4]], 0.95))).toBe('E_DOMAIN');
    expect(refusedWith(() => mantelHaenszel([[0, 0, 0, 0]], 0.95))).toBe('E_TOO_FEW');
  });
});

describe('A proportion over sites', () => {
  const x = [41, 88, 120, 33, 71, 54];
  const n = [47, 101, 131, 45, 80, 58];

  it('is one less where failures are counted instead', () => {
    const one = sitePooling(x, n, 0.95);
    const other = sitePooling(n.map((trials, i) => trials - x[i]), n, 0.95); // prettier-ignore
    expect(other.random).toBeCloseTo(1 - one.random, 12);
    expect(other.predictionInterval![0]).toBeCloseTo(1 - one.predictionInterval![1], 12);
    expect(other.tau2).toBeCloseTo(one.tau2, 12);
  });

  it('is the inverse-variance mean of log odds where sites do not differ, and has no Hartung-Knapp interval then', () => {
    const same = sitePooling([40, 80], [50, 100], 0.95);
    expect(same).toMatchObject({ q: 0, i2: 0, tau2: 0, hartungKnappCi: null, predictionInterval: null });
    expect(same.random).toBeCloseTo(0.8, 12);
    expect(same.flags).toEqual(['ZERO_VARIANCE', 'TOO_FEW_FOR_VARIANCE']);
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => sitePooling([], [], 2))).toBe('E_EMPTY');
    expect(refusedWith(() => sitePooling([1], [1, 2], 2))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => sitePooling([3], [2], 0.95))).toBe('E_DOMAIN');
    expect(refusedWith(() => sitePooling([0], [0], 0.95))).toBe('E_DOMAIN');
    expect(refusedWith(() => sitePooling([1], [2], 0.95))).toBe('E_TOO_FEW');
  });
});

describe('Heterogeneity of subgroups', () => {
  it('is the square of the z test of two proportions where there are two', () => {
    const { pearson } = proportionHeterogeneity([50, 40], [60, 70], 1);
    const pooled = 90 / 130;
    const z = (50 / 60 - 40 / 70) / Math.sqrt(pooled * (1 - pooled) * (1 / 60 + 1 / 70));
    expect(pearson!.chi2).toBeCloseTo(z * z, 12);
  });

  it('has no test where all were right', () => {
    expect(proportionHeterogeneity([9, 5], [9, 5], 1)).toMatchObject({ pearson: null, maxGap: 0, flags: ['ZERO_DENOMINATOR'] });
  });

  it('of equal estimates is nothing', () => {
    expect(estimateHeterogeneity([0.9, 0.9, 0.9], [0.01, 0.02, 0.03])).toEqual({ pooled: 0.9, cochranQ: 0, df: 2, p: 1, i2: 0 });
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => proportionHeterogeneity([], [], 1))).toBe('E_EMPTY');
    expect(refusedWith(() => proportionHeterogeneity([1], [1, 2], 1))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => proportionHeterogeneity([1.5, 1], [2, 2], 1))).toBe('E_DOMAIN');
    expect(refusedWith(() => proportionHeterogeneity([1, 1], [2, 2], 3))).toBe('E_TOO_FEW');
    expect(refusedWith(() => estimateHeterogeneity([1, NaN], [0, 1]))).toBe('E_NON_FINITE');
    expect(refusedWith(() => estimateHeterogeneity([1, 1], [0, 1]))).toBe('E_DOMAIN');
    expect(refusedWith(() => estimateHeterogeneity([1], [1]))).toBe('E_TOO_FEW');
  });
});
