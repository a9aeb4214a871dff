import { describe, expect, it } from '@jest/globals';
import { aucSampleSize, hanleyMcNeilSe, pairedAucSampleSize } from '../../../src/evidence/statistics/design/auc-sample-size.js';
import { type MrmcDesign, mrmcPower } from '../../../src/evidence/statistics/design/mrmc-power.js';
import {
  mcnemarPairs,
  proportionAgainstGoal,
  proportionPrecision,
} from '../../../src/evidence/statistics/design/proportion-sample-size.js';
import { wholeAtLeast } from '../../../src/evidence/statistics/design/whole-at-least.js';
import { pairedNoninferiorityPairs } from '../../../src/evidence/statistics/design/paired-noninferiority.js';
import { normalCritical, normalQuantile } from '../../../src/evidence/statistics/distributions/normal.js';
import { tangoScore } from '../../../src/evidence/statistics/proportions/paired-proportions.js';
import { chance, refusedWith } from './columns.js';

describe('The size of a study of proportions', () => {
  it('is no case more for what a share rounds to', () => {
    expect(7 / 0.07).not.toBe(100);
    expect(wholeAtLeast(7 / 0.07)).toBe(100);
    expect(wholeAtLeast(3 / 0.1 / 0.1)).toBe(300);
    expect(wholeAtLeast(100.0000001)).toBe(101);
  });

  it('is the first at which the half-width is met', () => {
    for (const p of [0.5, 0.8, 0.93]) {
      const { nDiseased } = proportionPrecision({ p, halfWidth: 0.04, prevalence: 0.2, conf: 0.95 });
      const half = (n: number): number => normalCritical(0.95) * Math.sqrt((p * (1 - p)) / n);
      expect(half(nDiseased)).toBeLessThanOrEqual(0.04);
      expect(half(nDiseased - 1)).toBeGreaterThan(0.04);
    }
  });

  it('grows as the power does that is asked for', () => {
    const at = (beta: number): number => proportionAgainstGoal({ p0: 0.8, p1: 0.88, alpha: 0.025, beta }).n;
    expect(at(0.1)).toBeGreaterThan(at(0.2));
    const pairs = (beta: number): number => mcnemarPairs({ p10: 0.15, p01: 0.05, alpha: 0.05, beta }).nPairs;
    expect(pairs(0.1)).toBeGreaterThan(pairs(0.2));
    expect(mcnemarPairs({ p10: 0.05, p01: 0.15, alpha: 0.05, beta: 0.2 }).nPairs).toBe(pairs(0.2));
  });

  it('is none where there is nothing to be shown', () => {
    expect(refusedWith(() => proportionAgainstGoal({ p0: 0.8, p1: 0.7, alpha: 0.025, beta: 0.2 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => mcnemarPairs({ p10: 0.1, p01: 0.1, alpha: 0.05, beta: 0.2 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => mcnemarPairs({ p10: 0.9, p01: 0.2, alpha: 0.05, beta: 0.2 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => proportionPrecision({ p: 0.9, halfWidth: 0.05, prevalence: 0, conf: 0.95 }))).toBe('E_DOMAIN');
  });
});

describe('The pairs of a non-inferiority study', () => {
  const plan = { p10: 0.08, p01: 0.08, margin: 0.05, alpha: 0.025, beta: 0.2 };

  it('are so many that Tango’s test finds what is there in 80 of 100 studies', () => {
    const next = chance(21);
    for (const [p10, p01] of [
      [0.08, 0.08],
      [0.1, 0.07],
      [0.05, 0.06],
    ]) {
      // prettier-ignore
      const { nPairs } = pairedNoninferiorityPairs({ ...plan, p10, p01 });
      let found = 0;
      for (let study = 0; study < 2000; study++) {
        let [b, c] = [0, 0];
        for (let pair = 0; pair < nPairs; pair++) {
          const one = next();
          if (one < p10) b++;
          else if (one < p10 + p01) c++;
        }
        if (tangoScore({ a: nPairs - b - c, b, c, d: 0 }, -0.05) > normalQuantile(0.975)) found++;
      }
      expect(found / 2000).toBeGreaterThan(0.77);
      expect(found / 2000).toBeLessThan(0.84);
    }
  });

  it('are fewer the wider the margin, and none where the margin is what is expected', () => {
    expect(pairedNoninferiorityPairs({ ...plan, margin: 0.1 }).nPairs).toBeLessThan(pairedNoninferiorityPairs(plan).nPairs);
    expect(refusedWith(() => pairedNoninferiorityPairs({ ...plan, p10: 0.02, p01: 0.07 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => pairedNoninferiorityPairs({ ...plan, p10: 0, p01: 0 }))).toBe('E_DOMAIN');
  });
});

describe('The size of a study of AUCs', () => {
  it('has Hanley and McNeil’s printed standard error of 1982: 0.032 for 0.893 with 51 and 58 cases', () => {
    expect(hanleyMcNeilSe({ auc: 0.893, m: 51, n: 58 }).se).toBeCloseTo(0.032, 2);
    expect(hanleyMcNeilSe({ auc: 1, m: 5, n: 5 }).se).toBe(0);
  });

  it('is the first at which the difference is told apart', () => {
    const plan = { auc1: 0.9, auc2: 0.85, r: 0.5, ratio: 1, alpha: 0.05, beta: 0.2 };
    const { nCases } = pairedAucSampleSize(plan);
    const told = (m: number): number => {
      const [se1, se2] = [0.9, 0.85].map((auc) => hanleyMcNeilSe({ auc, m, n: m }).se);
      return 0.05 / Math.sqrt(se1 ** 2 + se2 ** 2 - se1 * se2);
    };
    const wanted = normalQuantile(0.975) + normalQuantile(0.8);
    expect(told(nCases)).toBeGreaterThanOrEqual(wanted);
    expect(told(nCases - 1)).toBeLessThan(wanted);
  });

  it('needs fewer cases where readings correlate, and where there are more controls', () => {
    const plan = { auc1: 0.9, auc2: 0.85, r: 0.5, ratio: 1, alpha: 0.05, beta: 0.2 };
    expect(pairedAucSampleSize({ ...plan, r: 0.7 }).nCases).toBeLessThan(pairedAucSampleSize(plan).nCases);
    expect(pairedAucSampleSize({ ...plan, ratio: 4 }).nCases).toBeLessThan(pairedAucSampleSize(plan).nCases);
    expect(refusedWith(() => pairedAucSampleSize({ ...plan, auc2: 0.9 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => aucSampleSize({ auc: 0.5, kappa: 1, alpha: 0.05, beta: 0.1 }))).toBe('E_DOMAIN');
  });
});

describe('The power of a reader study', () => {
  const vanDyke: MrmcDesign = {
    readers: 10,
    cases: 200,
    pilotCases: 114,
    effect: 0.0438,
    varTr: 0.0002004025,
    varError: 0.0008022883,
    cov1: 0.0003466137,
    cov2: 0.0003440748,
    cov3: 0.0002390284,
    alpha: 0.05,
  };

  it('is alpha where there is no effect, and rises with effect, readers and cases', () => {
    expect(mrmcPower({ ...vanDyke, effect: 0 }).power).toBeCloseTo(0.05, 10);
    const { power } = mrmcPower(vanDyke);
    expect(mrmcPower({ ...vanDyke, effect: 0.05 }).power).toBeGreaterThan(power);
    expect(mrmcPower({ ...vanDyke, readers: 12 }).power).toBeGreaterThan(power);
    expect(mrmcPower({ ...vanDyke, cases: 400 }).power).toBeGreaterThan(power);
  });

  it('goes over into its normal limit without a step', () => {
    // the readers' part of the error is made so small that the degrees of freedom pass from below to above the limit's
    const at = (varTr: number) => mrmcPower({ ...vanDyke, varTr, varError: 2e-4 + 1e-4, cov1: 2e-4, cov2: 2e-4, cov3: 1e-4 });
    const [above, below] = [at(3e-9), at(3.2e-8)];
    expect(above.df2).toBeGreaterThan(1e10);
    expect(below.df2).toBeLessThan(1e10);
    expect(above.power).toBeCloseTo(below.power, 4);
  });

  it('counts an estimated variance below 0 as none', () => {
    expect(mrmcPower({ ...vanDyke, varTr: -1e-5 })).toEqual(mrmcPower({ ...vanDyke, varTr: 0 }));
    expect(refusedWith(() => mrmcPower({ ...vanDyke, readers: 1 }))).toBe('E_TOO_FEW');
    expect(refusedWith(() => mrmcPower({ ...vanDyke, varError: NaN }))).toBe('E_DOMAIN');
  });
});
