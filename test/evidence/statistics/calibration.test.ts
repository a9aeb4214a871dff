import { describe, expect, it } from '@jest/globals';
import { brierScore } from '../../../src/evidence/statistics/calibration/brier.js';
import { calibration } from '../../../src/evidence/statistics/calibration/calibration.js';
import { hosmerLemeshow, spiegelhalterTest } from '../../../src/evidence/statistics/calibration/goodness-of-fit.js';
import { calibrationInTheLarge, calibrationSlope } from '../../../src/evidence/statistics/calibration/logistic-recalibration.js';
import { equalMassCalibrationError, reliability } from '../../../src/evidence/statistics/calibration/reliability.js';
import { calibrated, chance, refusedWith } from './columns.js';

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

describe('Calibration slope and calibration in the large', () => {
  it('find what the data were made with', () => {
    const { y, p } = calibrated(200_000, 1, 0.7, 0.4);
    const { slope, slopeSe, interceptJoint } = calibrationSlope(y, p);
    expect(Math.abs(slope - 0.7)).toBeLessThan(4 * slopeSe);
    expect(interceptJoint).toBeCloseTo(0.4, 1);
  });

  it('meet the likelihood’s own equations: what is expected is what was seen', () => {
    const { y, p } = calibrated(3000, 2, 1.4, -0.3);
    const { slope, interceptJoint } = calibrationSlope(y, p);
    const logit = p.map((one) => Math.log(one / (1 - one)));
    const residual = logit.map((x, i) => y[i] - logistic(interceptJoint + slope * x));
    expect(residual.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 9);
    expect(residual.reduce((sum, one, i) => sum + one * logit[i], 0)).toBeCloseTo(0, 8);
    const { intercept } = calibrationInTheLarge(y, p);
    expect(logit.reduce((sum, x, i) => sum + y[i] - logistic(intercept + x), 0)).toBeCloseTo(0, 9);
  });

  it('turns round where the classes are exchanged, and where odds are raised to a power', () => {
    const { y, p } = calibrated(2000, 3);
    const turned = calibrationSlope(y.map((one) => 1 - one), p.map((one) => 1 - one)); // prettier-ignore
    const one = calibrationSlope(y, p);
    expect(turned.slope).toBeCloseTo(one.slope, 10);
    expect(turned.interceptJoint).toBeCloseTo(-one.interceptJoint, 10);
    const rooted = p.map((x) => Math.sqrt(x) / (Math.sqrt(x) + Math.sqrt(1 - x)));
    expect(calibrationSlope(y, rooted).slope).toBeCloseTo(one.slope * 2, 9);
  });

  it('exists wherever the classes overlap, however little', () => {
    const p = [0.1, 0.2, 0.3, 0.4, 0.4 + 1e-9, 0.6, 0.7];
    const y = [0, 0, 0, 1, 0, 1, 1];
    expect(calibrationSlope(y, p).slope).toBeGreaterThan(10);
    expect(refusedWith(() => calibrationSlope([0, 0, 0, 0, 1, 1, 1], p))).toBe('E_SEPARATION');
    expect(refusedWith(() => calibrationSlope([1, 1, 1, 1, 0, 0, 0], p))).toBe('E_SEPARATION');
    expect(refusedWith(() => calibrationSlope([0, 1, 0, 1], [0.3, 0.3, 0.2, 0.4]))).toBe('E_SEPARATION'); // they touch at one value
    expect(refusedWith(() => calibrationSlope([0, 1, 0], [0.3, 0.3, 0.3]))).toBe('E_SEPARATION');
    expect(refusedWith(() => calibrationInTheLarge([0, 1, 0], [0.3, 0.3, 0.3]))).toBeUndefined();
  });

  it('exists for just those small samples that no threshold parts, and there it is the likeliest', () => {
    const next = chance(31);
    let existing = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const n = 4 + Math.floor(next() * 9);
      const p = Array.from({ length: n }, () => (next() < 0.1 ? Math.round(next()) : Math.floor(1 + next() * 49) / 50));
      const y = p.map(() => (next() < 0.5 ? 1 : 0));
      const of = (label: number): number[] => p.filter((_, i) => y[i] === label);
      if (of(0).length === 0 || of(1).length === 0) continue;
      const parted = Math.max(...of(0)) <= Math.min(...of(1)) || Math.max(...of(1)) <= Math.min(...of(0));
      expect(refusedWith(() => calibrationSlope(y, p))).toBe(parted ? 'E_SEPARATION' : undefined);
      if (parted) continue;
      existing++;
      const { slope, interceptJoint } = calibrationSlope(y, p);
      const clipped = p.map((one) => Math.min(1 - 1e-12, Math.max(1e-12, one)));
      const logit = clipped.map((one) => Math.log(one / (1 - one)));
      const residual = logit.map((x, i) => y[i] - logistic(interceptJoint + slope * x));
      expect(Math.abs(residual.reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-8);
      expect(Math.abs(residual.reduce((sum, one, i) => sum + one * logit[i], 0))).toBeLessThan(1e-7);
    }
    expect(existing).toBeGreaterThan(500);
  });

  it('bears probabilities of exactly 0 and 1', () => {
    const { y, p } = calibrated(500, 4);
    for (let i = 0; i < 20; i++) p[i] = i % 2;
    expect(calibrationSlope(y, p).slope).toBeGreaterThan(0);
    expect(Number.isFinite(calibrationInTheLarge(y, p).intercept)).toBe(true);
  });
});

describe('Brier score and reliability', () => {
  const { y, p } = calibrated(5000, 5);

  it('of a forecast that is always the base rate has no skill and no resolution', () => {
    const rate = y.reduce((sum, one) => sum + one, 0) / y.length;
    const constant = p.map(() => rate);
    expect(brierScore(y, constant).brierSkill).toBeCloseTo(0, 12);
    expect(reliability(y, constant).resolution).toBeCloseTo(0, 12);
  });

  it('is Murphy’s three terms where each bin has one forecast', () => {
    const coarse = p.map((one) => (Math.floor(one * 10) + 0.5) / 10);
    const { reliability: rel, resolution, uncertainty } = reliability(y, coarse);
    expect(brierScore(y, coarse).brier).toBeCloseTo(rel - resolution + uncertainty, 12);
  });

  it('puts a probability on an edge into the bin above it, the last into the last, whatever their product rounds to', () => {
    for (const bins of [3, 7, 10, 29, 100]) {
      const edges = Array.from({ length: bins + 1 }, (_, k) => k / bins);
      const counts = reliability(new Uint8Array(bins + 1), edges, bins).bins.map(({ n }) => n);
      expect(counts).toEqual([...Array.from({ length: bins - 1 }, () => 1), 2]);
    }
  });

  it('has one error for bins of one width and of one mass where there is one bin', () => {
    const gap = Math.abs(p.reduce((sum, one, i) => sum + one - y[i], 0) / p.length);
    expect(equalMassCalibrationError(y, p, 1)).toBeCloseTo(gap, 12);
    expect(reliability(y, p, 1).ece).toBeCloseTo(gap, 12);
  });

  it('has no rate for an empty bin', () => {
    expect(reliability([0, 1], [0.05, 0.95]).bins[4]).toMatchObject({ n: 0, meanPredicted: null, observed: null, wilson: null });
  });
});

describe('The tests of calibration', () => {
  it('reject what is badly calibrated, and do not what is well', () => {
    const good = calibrated(20_000, 6);
    const bad = calibrated(20_000, 6, 0.7);
    expect(hosmerLemeshow(good.y, good.p).p).toBeGreaterThan(0.01);
    expect(hosmerLemeshow(bad.y, bad.p).p).toBeLessThan(1e-6);
    expect(spiegelhalterTest(good.y, good.p).p).toBeGreaterThan(0.01);
    expect(spiegelhalterTest(bad.y, bad.p).p).toBeLessThan(1e-6);
  });

  it('have no value where their variance is none', () => {
    expect(spiegelhalterTest([0, 1, 1], [0, 0.5, 1])).toEqual({ z: null, p: null });
    expect(hosmerLemeshow([1, 1, 0, 1], [0, 0, 0.5, 0.5], 2).chi2).toBeNull();
  });
});

describe('The calibration report', () => {
  it('names why a part of it is null', () => {
    const answer = calibration([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.6, 0.7, 0.8]);
    expect(answer).toMatchObject({ calibrationSlope: null, calibrationSlopeSe: null, hosmerLemeshow: null });
    expect(answer.undefined).toEqual({ calibrationSlope: 'E_SEPARATION', hosmerLemeshow: 'E_TOO_FEW' });
    expect(answer.brier).toBeCloseTo(0.43 / 6, 12);
  });

  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => calibration([], []))).toBe('E_EMPTY');
    expect(refusedWith(() => calibration([2], [0.1, 0.2]))).toBe('E_LENGTH_MISMATCH');
    expect(refusedWith(() => calibration([2], [NaN]))).toBe('E_LABEL');
    expect(refusedWith(() => calibration([1, 0], [7, NaN]))).toBe('E_NON_FINITE');
    expect(refusedWith(() => calibration([1, 1], [7, 0.5]))).toBe('E_DOMAIN');
    expect(refusedWith(() => calibration([1, 1], [0.5, 0.5], { bins: 0 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => calibration([1, 1], [0.5, 0.5], { conf: 1 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => calibration([1, 1], [0.5, 0.5]))).toBe('E_ONE_CLASS');
  });
});
