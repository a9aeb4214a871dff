import { describe, expect, it } from '@jest/globals';
import { expectedPerformance } from '../../../src/evidence/statistics/prevalence/expected-performance.js';
import { prevalenceByLikelihood, roganGladen } from '../../../src/evidence/statistics/prevalence/label-shift.js';
import { calibrated, columnOf, refusedWith } from './columns.js';

describe('Performance without labels', () => {
  it('has the AUC of every pair by itself, ties by half', () => {
    const p = columnOf(60, 8, 3).map((one) => one / 8);
    let [concordant, pairs] = [0, 0];
    for (const [i, a] of p.entries())
      for (const [j, b] of p.entries()) {
        if (i === j) continue;
        concordant += a * (1 - b) * (a > b ? 1 : a === b ? 0.5 : 0);
        pairs += a * (1 - b);
      }
    expect(expectedPerformance(p, 0.5).auc).toBeCloseTo(concordant / pairs, 12);
  });

  it('expects near what comes, while calibration holds', () => {
    const { y, p } = calibrated(100_000, 12);
    const { expected } = expectedPerformance(p, 0.4);
    const tp = p.reduce((sum, one, i) => sum + (one >= 0.4 ? y[i] : 0), 0);
    expect(Math.abs(expected.tp - tp) / tp).toBeLessThan(0.02);
  });

  it('is plain accuracy where every probability is 0 or 1', () => {
    expect(expectedPerformance([0, 0, 1], 0.5)).toMatchObject({ sensitivity: 1, specificity: 1, ppv: 1, auc: 1, flags: [] });
    expect(expectedPerformance([0, 0], 0.5)).toMatchObject({ sensitivity: null, ppv: null, auc: null, flags: ['ZERO_DENOMINATOR'] });
    expect(expectedPerformance([0.4], 0.5)).toMatchObject({ auc: null });
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => expectedPerformance([], NaN))).toBe('E_EMPTY');
    expect(refusedWith(() => expectedPerformance([2, NaN], NaN))).toBe('E_NON_FINITE');
    expect(refusedWith(() => expectedPerformance([-0.1], 0.5))).toBe('E_DOMAIN');
  });
});

describe('Prevalence by likelihood', () => {
  const { p } = calibrated(2000, 13);

  it('is where the EM of Saerens, Latinne and Decaestecker comes to rest', () => {
    const training = 0.4;
    let q = training;
    for (let step = 0; step < 20_000; step++) {
      const ill = p.map((one) => (one * q) / training);
      q = ill.reduce((sum, one, i) => sum + one / (one + ((1 - p[i]) * (1 - q)) / (1 - training)), 0) / p.length;
    }
    expect(prevalenceByLikelihood(p, training).prevalence).toBeCloseTo(q, 9);
  });

  it('finds a prevalence to which a calibrated population was shifted', () => {
    const { y, p: original } = calibrated(100_000, 14);
    const rate = y.reduce((sum, one) => sum + one, 0) / y.length;
    const kept = original.filter((_, i) => y[i] === 0 || i % 4 === 0); // three of four diseased are taken away
    const shifted = kept.length - y.filter((one) => one === 0).length;
    const { prevalence, adjusted } = prevalenceByLikelihood(kept, rate);
    expect(prevalence).toBeCloseTo(shifted / kept.length, 1);
    expect(adjusted.reduce((sum, one) => sum + one, 0) / kept.length).toBeCloseTo(prevalence, 9); // the EM's own equation
  });

  it('is a bound where the likelihood only rises or only falls', () => {
    expect(prevalenceByLikelihood([0.1, 0.05, 0.2], 0.3).prevalence).toBe(0);
    expect(prevalenceByLikelihood([0.9, 0.8], 0.3)).toMatchObject({ prevalence: 1 });
    expect(prevalenceByLikelihood([0, 1], 0.3).prevalence).toBeCloseTo(0.5, 12);
  });

  it('is not told from probabilities that say nothing', () => {
    expect(refusedWith(() => prevalenceByLikelihood([0.3, 0.3], 0.3))).toBe('E_DEGENERATE');
    expect(refusedWith(() => prevalenceByLikelihood([0.3, 0.3], 1))).toBe('E_DOMAIN');
  });
});

describe('Rogan and Gladen', () => {
  it('gives back the prevalence that an apparent one comes from', () => {
    const apparent = 0.9 * 0.08 + (1 - 0.95) * (1 - 0.08);
    expect(roganGladen({ apparent, se: 0.9, sp: 0.95 })).toMatchObject({ clipped: false, prevalence: expect.closeTo(0.08, 12) as unknown });
    expect(roganGladen({ apparent: 0.99, se: 0.9, sp: 0.95 })).toMatchObject({ clipped: true, prevalence: 1 });
  });

  it('has none for a test that does no better than chance', () => {
    expect(roganGladen({ apparent: 0.3, se: 0.4, sp: 0.6 })).toEqual({ prevalence: null, clipped: false, flags: ['ZERO_DENOMINATOR'] });
  });
});
