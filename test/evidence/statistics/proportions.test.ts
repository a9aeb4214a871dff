import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { adjustPValues } from '../../../src/evidence/statistics/multiplicity.js';
import { confusionMetrics } from '../../../src/evidence/statistics/proportions/confusion-metrics.js';
import { clusteredProportion } from '../../../src/evidence/statistics/proportions/clustered-proportion.js';
import { mcnemar } from '../../../src/evidence/statistics/proportions/mcnemar.js';
import { pairedProportions, tangoScore } from '../../../src/evidence/statistics/proportions/paired-proportions.js';
import { proportion } from '../../../src/evidence/statistics/proportions/proportion.js';
import { scoreStatistic, unpairedProportions } from '../../../src/evidence/statistics/proportions/unpaired-proportions.js';
import { normalCritical } from '../../../src/evidence/statistics/distributions/normal.js';
import { findRoot } from '../../../src/evidence/statistics/root-finding.js';

const count = fc.integer({ min: 0, max: 60 });
const rounded = (interval: readonly number[] | null): string[] | undefined => interval?.map((limit) => limit.toFixed(4));

describe('Proportions', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857, table I, methods 3 and 5
  it.each([
    [81, 263, ['0.2553', '0.3662'], ['0.2527', '0.3676']],
    [15, 148, ['0.0624', '0.1605'], ['0.0578', '0.1617']],
    [0, 20, ['0.0000', '0.1611'], ['0.0000', '0.1684']],
    [1, 29, ['0.0061', '0.1718'], ['0.0009', '0.1776']],
  ])('have Newcombe’s printed intervals: %i of %i', (num, den, wilson, exact) => {
    const got = proportion(num, den);
    expect([rounded(got.wilson), rounded(got.clopperPearson)]).toEqual([wilson, exact]);
  });

  it('have intervals that mirror, hold the share and are narrower by score than exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (den, share) => {
        const num = Math.round(den * share);
        const one = proportion(num, den);
        const other = proportion(den - num, den);
        for (const [a, b] of [
          [one.wilson, other.wilson],
          [one.clopperPearson, other.clopperPearson],
        ] as const) {
          const [[low, high], [otherLow, otherHigh]] = [a ?? [2, 2], b ?? [2, 2]];
          expect(low).toBeCloseTo(1 - otherHigh, 10);
          expect(high).toBeCloseTo(1 - otherLow, 10);
          expect(low).toBeLessThanOrEqual(num / den);
          expect(high).toBeGreaterThanOrEqual(num / den);
          expect(low).toBeLessThan(high);
        }
      }),
    );
  });

  it('turn with the classes: the table of the healthy has sensitivity and specificity changed', () => {
    fc.assert(
      fc.property(count, count, count, count, (tp, fp, fn, tn) => {
        fc.pre(tp + fp + fn + tn > 0);
        const one = confusionMetrics({ tp, fp, fn, tn });
        const turned = confusionMetrics({ tp: tn, fp: fn, fn: fp, tn: tp });
        expect(turned.sensitivity).toEqual(one.specificity);
        expect(turned.ppv).toEqual(one.npv);
        expect(turned.mcc ?? 2).toBeCloseTo(one.mcc ?? 2, 13);
      }),
    );
  });

  it('of patients with one trial each vary as independent ones, by n − 1', () => {
    const { variance, designEffect } = clusteredProportion([1, 0, 1, 1], [1, 1, 1, 1]);
    expect(variance).toBeCloseTo((0.75 * 0.25) / 3, 15);
    expect(designEffect).toBeCloseTo(4 / 3, 14);
    expect(clusteredProportion([2], [3])).toMatchObject({ variance: null, ci: null, flags: ['TOO_FEW_FOR_VARIANCE'] });
    expect(clusteredProportion([3, 2], [3, 2])).toMatchObject({ value: 1, ci: null, designEffect: null, flags: ['ZERO_VARIANCE'] });
  });
});

describe('Differences of proportions', () => {
  // Tango, Statistics in Medicine 17 (1998) 891, as printed for the table 1, 1, 7, 12
  it('have Tango’s printed interval', () =>
    expect(pairedProportions({ a: 1, b: 1, c: 7, d: 12 }, 0.1).tango.map((limit) => limit.toFixed(3))).toEqual(['-0.517', '-0.026']));

  // Newcombe, Statistics in Medicine 17 (1998) 873, table II (a), method 10 and method 5 (Mee has no N/(N-1))
  it('have Newcombe’s printed interval for 56/70 and 48/80', () =>
    expect(rounded(unpairedProportions({ x1: 56, n1: 70, x2: 48, n2: 80 }, 0.1).newcombe)).toEqual(['0.0524', '0.3339']));

  it('turn with the arms', () => {
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0);
        const one = pairedProportions({ a, b, c, d }, 0.1);
        const turned = pairedProportions({ a, b: c, c: b, d }, 0.1);
        for (const name of ['tango', 'newcombe10', 'wald'] as const) {
          expect(one[name][0]).toBeCloseTo(-turned[name][1], 9);
          expect(one[name][1]).toBeCloseTo(-turned[name][0], 9);
        }
        expect(one.tango[0]).toBeLessThanOrEqual(one.difference);
        expect(one.tango[1]).toBeGreaterThanOrEqual(one.difference);
      }),
    );
  });

  it('have score limits at which the score is ±z, or the end of the range', () => {
    const z = normalCritical(0.95);
    fc.assert(
      fc.property(count, count, count, count, (x1, more1, x2, more2) => {
        fc.pre(x1 + more1 > 0 && x2 + more2 > 0);
        const arms = { x1, n1: x1 + more1, x2, n2: x2 + more2 };
        const [low, high] = unpairedProportions(arms, 0.1).miettinenNurminen;
        if (low > -1) expect(scoreStatistic(arms, low)).toBeCloseTo(z, 5);
        if (high < 1) expect(scoreStatistic(arms, high)).toBeCloseTo(-z, 5);
        expect(low).toBeLessThan(high);
      }),
    );
    const paired = { a: 5, b: 9, c: 2, d: 4 };
    const [low, high] = pairedProportions(paired, 0.1).tango;
    expect([tangoScore(paired, low), tangoScore(paired, high)].map((score) => score.toFixed(9))).toEqual([z.toFixed(9), (-z).toFixed(9)]);
  });

  it('has a restricted estimate that is the likeliest: no other pair with that difference is likelier', () => {
    fc.assert(
      fc.property(count, count, count, count, fc.double({ min: -0.9, max: 0.9, noNaN: true }), (x1, more1, x2, more2, delta) => {
        const arms = { x1, n1: x1 + more1 + 1, x2, n2: x2 + more2 + 1 };
        const likelihood = (q1: number): number => {
          const of = (x: number, n: number, q: number): number =>
            (x === 0 ? 0 : x * Math.log(q)) + (x === n ? 0 : (n - x) * Math.log(1 - q));
          return of(arms.x1, arms.n1, q1) + of(arms.x2, arms.n2, q1 - delta);
        };
        const [from, to] = [Math.max(0, delta), Math.min(1, 1 + delta)];
        const grid = Array.from({ length: 4_001 }, (_, i) => from + ((to - from) * i) / 4_000).slice(1, -1);
        const best = grid.reduce((a, b) => (likelihood(b) > likelihood(a) ? b : a));
        const variance = (q1: number): number => {
          const q2 = q1 - delta;
          const n = arms.n1 + arms.n2;
          return ((q1 * (1 - q1)) / arms.n1 + (q2 * (1 - q2)) / arms.n2) * (n / (n - 1));
        };
        const expected = (arms.x1 / arms.n1 - arms.x2 / arms.n2 - delta) / Math.sqrt(variance(best));
        fc.pre(Math.abs(expected) < 20);
        expect(Math.abs(scoreStatistic(arms, delta) - expected)).toBeLessThan(0.02 * (1 + Math.abs(expected)));
      }),
    );
  });

  it('reach a billion cases', () => {
    const { tango, noninferiority } = pairedProportions({ a: 9e8, b: 51_000_000, c: 49_000_000, d: 0 }, 0.01);
    expect(tango[0]).toBeGreaterThan(0.00198);
    expect(tango[1]).toBeLessThan(0.00202);
    expect(noninferiority.noninferior).toBe(true);
    expect(mcnemar(500_000_000, 500_000_000)).toMatchObject({ chi2: 0, p: 1, pExact: 1 });
  });
});

describe('Adjusted p-values', () => {
  it('are never below their own, keep the order, and Holm’s are never above Bonferroni’s', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (p) => {
        const by = (method: 'holm' | 'hochberg' | 'bonferroni' | 'BH') => adjustPValues(p, method).adjusted.map(Number);
        const [holm, hochberg, bonferroni, bh] = [by('holm'), by('hochberg'), by('bonferroni'), by('BH')];
        for (const [i, own] of p.entries()) {
          expect(bonferroni[i]).toBeGreaterThanOrEqual(holm[i]);
          expect(holm[i]).toBeGreaterThanOrEqual(hochberg[i]);
          expect(hochberg[i]).toBeGreaterThanOrEqual(bh[i] - 1e-15);
          expect(bh[i]).toBeGreaterThanOrEqual(own);
        }
      }),
    );
  });

  it('count the tests of the family that were not made', () =>
    expect(adjustPValues([0.01, null], 'bonferroni', 5).adjusted).toEqual([0.05, null]));
});

describe('A root', () => {
  it('is found where the function leaps, is flat or infinite', () => {
    expect(findRoot((x) => (x < 0.3 ? -1 : 1), 0, 1)).toBeCloseTo(0.3, 15);
    expect(findRoot((x) => (x - 0.25) ** 9, -1, 1)).toBeCloseTo(0.25, 1);
    expect(findRoot((x) => Math.log(x), 0, 4)).toBeCloseTo(1, 14);
    expect(findRoot((x) => 1 / x - 1e9, 0, 1)).toBeCloseTo(1e-9, 22);
    expect(findRoot((x) => x, 0, 1)).toBe(0);
  });
});
