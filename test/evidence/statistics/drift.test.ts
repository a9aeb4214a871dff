import { describe, expect, it } from '@jest/globals';
import { distributionDrift } from '../../../src/evidence/statistics/drift/distribution-drift.js';
import { cdfDistances, kolmogorovUpper } from '../../../src/evidence/statistics/drift/empirical-cdfs.js';
import { boxesOf, gaussianKernelSum } from '../../../src/evidence/statistics/drift/gaussian-kernel-sum.js';
import { maximumMeanDiscrepancy } from '../../../src/evidence/statistics/drift/maximum-mean-discrepancy.js';
import { populationStability, quantileOfSorted } from '../../../src/evidence/statistics/drift/population-stability.js';
import { calibrated, chance, refusedWith } from './columns.js';

const sorted = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

/** Every pair by itself, summed with its rounding kept (Neumaier 1974). */
function pairByPair(a: Float64Array, b: Float64Array, sigma: number): number {
  let [sum, lost] = [0, 0];
  for (const u of a)
    for (const v of b) {
      const term = Math.exp(-((u - v) ** 2) / (2 * sigma ** 2));
      const next = sum + term;
      lost += Math.abs(sum) >= term ? sum - next + term : term - next + sum;
      sum = next;
    }
  return sum + lost;
}

describe('The sum of a Gaussian kernel over all pairs', () => {
  const scores = sorted(calibrated(700, 1).p);
  const others = sorted(calibrated(900, 2).p.map((one) => one ** 1.3));
  const next = chance(3);
  const wide = sorted(Array.from({ length: 400 }, () => Math.exp(12 * (next() - 0.5)) * (next() < 0.5 ? -1 : 1)));

  it.each([1e-5, 1e-3, 0.01, 0.05, 0.2, 1, 7, 1e4])('is that of every pair by itself, at a bandwidth of %d', (sigma) => {
    for (const [a, b] of [
      [scores, others],
      [scores, scores],
      [wide, others],
      [wide, wide],
    ]) {
      // prettier-ignore
      const all = pairByPair(a, b, sigma);
      const boxed = gaussianKernelSum(boxesOf(a, sigma), boxesOf(b, sigma), sigma);
      expect(Math.abs(boxed - all)).toBeLessThan(2e-15 * a.length * b.length);
      expect(Math.abs(boxed - all)).toBeLessThan(1e-12 * all);
    }
  });

  it('does not fall over values that are far apart or too close for their difference', () => {
    const odd = Float64Array.of(-1e308, -1, -0, 0, 5e-324, 1, 1, 1, 1e308);
    expect(gaussianKernelSum(boxesOf(odd, 1e-300), boxesOf(odd, 1e-300), 1e-300)).toBe(1 + 1 + 9 + 9 + 1);
    expect(gaussianKernelSum(boxesOf(odd, 1e308), boxesOf(odd, 1e308), 1e308)).toBeLessThanOrEqual(81);
  });
});

describe('Maximum mean discrepancy', () => {
  it('is nothing between a sample and itself, and falls short of it unbiased', () => {
    const a = sorted(calibrated(500, 4).p);
    const { mmd2Biased, mmd2Unbiased } = maximumMeanDiscrepancy(a, a, 0.2);
    expect(mmd2Biased).toBeCloseTo(0, 14);
    expect(mmd2Unbiased).toBeLessThan(0);
  });

  it('has no unbiased value of a single one', () => {
    expect(distributionDrift([0.5], [0.1, 0.2], 10, 0.2)).toMatchObject({
      mmd2Unbiased: null,
      flags: ['ZERO_DENOMINATOR', 'TOO_FEW_FOR_VARIANCE'], // both values lie in one bin, too
    });
  });

  it('takes 100,000 values of each side in its stride, where pairs would be 10¹⁰', () => {
    const [a, b] = [sorted(calibrated(100_000, 5).p), sorted(calibrated(100_000, 6).p)];
    const began = performance.now();
    expect(Math.abs(maximumMeanDiscrepancy(a, b, 0.2).mmd2Biased)).toBeLessThan(1e-4);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('Kolmogorov’s distribution', () => {
  it('has the printed values of Smirnov’s table (1948)', () => {
    expect(1 - kolmogorovUpper(0.5)).toBeCloseTo(0.036055, 6);
    expect(1 - kolmogorovUpper(1)).toBeCloseTo(0.73, 4);
    expect(1 - kolmogorovUpper(1.36)).toBeCloseTo(0.950514, 6);
    expect(1 - kolmogorovUpper(2)).toBeCloseTo(0.999329, 6);
  });

  it('goes from one of its series to the other without a step, and is 1 at nothing', () => {
    const [below, above] = [kolmogorovUpper(0.8 - 1e-12), kolmogorovUpper(0.8 + 1e-12)];
    expect(Math.abs(below - above)).toBeLessThan(1e-11);
    expect(kolmogorovUpper(0)).toBe(1);
    expect(kolmogorovUpper(0.01)).toBe(1);
  });
});

describe('Distances of two samples', () => {
  const a = sorted(calibrated(300, 7).p);
  const b = sorted(calibrated(200, 8).p);

  it('are the shift itself where one sample is the other shifted (Wasserstein), and stay under any rising transform (KS)', () => {
    expect(cdfDistances(a, a.map((one) => one + 0.25)).wasserstein1).toBeCloseTo(0.25, 12); // prettier-ignore
    expect(cdfDistances(a.map(Math.exp), b.map(Math.exp)).ksD).toBe(cdfDistances(a, b).ksD);
    expect(cdfDistances(b, a)).toEqual(cdfDistances(a, b));
  });

  it('count ties as one step', () => {
    expect(cdfDistances(Float64Array.of(1, 1, 2), Float64Array.of(1, 2, 2))).toMatchObject({ ksD: 2 / 3 - 1 / 3 });
  });
});

describe('Population stability', () => {
  it('is nothing of a sample and itself; its bins hold a tenth each', () => {
    const { p } = calibrated(1000, 9);
    const { psi, jsDivergence, chi2, psiReference } = populationStability(p, p, 10);
    expect([psi, jsDivergence, chi2]).toEqual([0, 0, 0]);
    for (const share of psiReference) expect(share).toBeCloseTo(0.1, 12);
  });

  it('says that one bin has no test', () => {
    expect(populationStability([1, 1, 1], [1, 1], 10)).toMatchObject({
      psiEdges: [1],
      chi2Df: 0,
      chi2P: null,
      flags: ['ZERO_DENOMINATOR'],
    });
  });

  it('takes its quantiles as type 7 does (Hyndman and Fan 1996)', () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantileOfSorted([1, 2, 3, 4], p))).toEqual([1, 1.75, 2.5, 3.7, 4]);
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => distributionDrift([NaN], [], 0, 0))).toBe('E_EMPTY');
    expect(refusedWith(() => distributionDrift([NaN], [1], 0, 0))).toBe('E_NON_FINITE');
    expect(refusedWith(() => distributionDrift([1], [1], 1, 0.2))).toBe('E_DOMAIN');
    expect(refusedWith(() => distributionDrift([1], [1], 10, 0))).toBe('E_DOMAIN');
  });
});
