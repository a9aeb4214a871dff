import { describe, expect, it } from '@jest/globals';
import { adwin } from '../../../src/evidence/statistics/monitors/adwin.js';
import { bernoulliCusum } from '../../../src/evidence/statistics/monitors/bernoulli-cusum.js';
import { cusum } from '../../../src/evidence/statistics/monitors/cusum.js';
import { ewma } from '../../../src/evidence/statistics/monitors/ewma.js';
import { pageHinkley } from '../../../src/evidence/statistics/monitors/page-hinkley.js';
import { chance, refusedWith } from './columns.js';

describe('CUSUM', () => {
  // Montgomery, Introduction to Statistical Quality Control, table 9.1 and 9.2: target 10, sigma 1, k 1/2, h 5
  const x = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.9,
    9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
  ];

  it('has Montgomery’s printed sums and his alarm at period 29', () => {
    const { upper, lower, firstAlarm } = cusum(x, { mu: 10, sd: 1, k: 0.5, h: 5 });
    expect(upper[28]).toBeCloseTo(5.28, 2);
    expect(lower[1]).toBeCloseTo(1.56, 2);
    expect(firstAlarm).toBe(28);
  });

  it('turns its sides round with the signs', () => {
    const one = cusum(x, { mu: 10, sd: 1, k: 0.5, h: 5 });
    const other = cusum(x.map((value) => -value), { mu: -10, sd: 1, k: 0.5, h: 5 }); // prettier-ignore
    expect(other.lower).toEqual(one.upper);
  });
});

describe('EWMA', () => {
  it('is the values themselves at a weight of 1, with Shewhart’s limits', () => {
    const answer = ewma([0, 1, 4], { mu: 0, sd: 1, lambda: 1, L: 3 });
    expect([...answer.ewma]).toEqual([0, 1, 4]);
    expect([...answer.halfWidth]).toEqual([3, 3, 3]);
    expect(answer.firstAlarm).toBe(2);
  });

  it('has a band that widens to L σ √(λ / (2 − λ))', () => {
    const { halfWidth } = ewma(new Float64Array(500), { mu: 0, sd: 2, lambda: 0.2, L: 3 });
    expect(halfWidth[0]).toBeCloseTo(3 * 2 * 0.2, 12);
    expect(halfWidth[499]).toBeCloseTo(6 * Math.sqrt(0.2 / 1.8), 12);
  });
});

describe('Page-Hinkley', () => {
  it('rests while nothing rises, and finds a step', () => {
    const steady = new Float64Array(200).fill(0.3);
    expect(pageHinkley(steady, { delta: 0.01, lambda: 1, alpha: 1 })).toMatchObject({ firstAlarm: null });
    const stepped = steady.map((one, i) => (i < 100 ? one : one + 0.2));
    const { firstAlarm } = pageHinkley(stepped, { delta: 0.01, lambda: 1, alpha: 1 });
    expect(firstAlarm).toBeGreaterThan(100);
    expect(firstAlarm).toBeLessThan(110);
  });
});

describe('The Bernoulli CUSUM of confirmed misses', () => {
  it('adds ln(p1/p0) a miss, takes ln((1−p0)/(1−p1)) a hit, and alarms at the limit itself', () => {
    const h = 2 * Math.log(3) + Math.log(0.85 / 0.95);
    const { statistic, firstAlarm } = bernoulliCusum([0, 1, 0, 1], { p0: 0.05, p1: 0.15, h: h - 1e-12 });
    expect(statistic[0]).toBe(0);
    expect(statistic[3]).toBeCloseTo(h, 12);
    expect(firstAlarm).toBe(3);
  });

  it('looks for a fall as well as for a rise', () => {
    const { statistic } = bernoulliCusum([0, 0, 0], { p0: 0.15, p1: 0.05, h: 3 });
    expect(statistic[2]).toBeCloseTo(3 * Math.log(0.95 / 0.85), 12);
  });
});

describe('ADWIN', () => {
  const next = chance(11);
  const stepped = Float64Array.from({ length: 400 }, (_, i) => next() * 0.2 + (i < 200 ? 0.2 : 0.6));

  it('drops what came before a step, and not much more', () => {
    const { dropPoints, finalWidth, finalMean } = adwin(stepped, { delta: 0.01 });
    expect(dropPoints[0]).toBeGreaterThanOrEqual(200);
    expect(dropPoints[0]).toBeLessThan(220);
    expect(finalWidth).toBeGreaterThan(190);
    expect(finalWidth).toBeLessThan(220);
    expect(finalMean).toBeCloseTo(0.7, 1);
  });

  it('does as the definition does when it is followed word by word', () => {
    const noisy = Float64Array.from({ length: 250 }, (_, i) => next() + (i % 90 > 60 ? 0.8 : 0));
    expect(adwin(noisy, { delta: 0.2 })).toEqual(wordByWord(noisy, 0.2));
    expect(adwin(noisy, { delta: 0.2 }).dropPoints.length).toBeGreaterThan(2);
  });

  it('does so with any mix of steps, slopes and spreads, where blocks of splits are passed over', () => {
    for (let trial = 0; trial < 25; trial++) {
      const [step, slope, spread] = [next() * 0.8, (next() - 0.5) / 300, next() * next() * 2];
      const cut = Math.floor(next() * 400);
      const mixed = Float64Array.from({ length: 400 }, (_, i) => spread * next() + slope * i + (i > cut ? step : 0));
      expect(adwin(mixed, { delta: 0.05 })).toEqual(wordByWord(mixed, 0.05));
    }
  });

  it('keeps its digits far from 0', () => {
    const far = stepped.map((one) => one + 1e6);
    expect(adwin(far, { delta: 0.01 }).dropPoints).toEqual(adwin(stepped, { delta: 0.01 }).dropPoints);
  });
});

function wordByWord(x: Float64Array, delta: number): { dropPoints: number[]; finalWidth: number; finalMean: unknown } {
  const mean = (of: number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
  let window: number[] = [];
  const dropPoints: number[] = [];
  const differs = (): boolean => {
    const n = window.length;
    const centre = mean(window);
    const variance = mean(window.map((one) => (one - centre) ** 2));
    const log = Math.log((2 * Math.log(n)) / delta);
    const all = window.reduce((sum, one) => sum + one, 0);
    let first = window.slice(0, 4).reduce((sum, one) => sum + one, 0);
    for (let k = 5; k <= n - 5; k++) {
      first += window[k - 1];
      const m = 1 / (1 / k + 1 / (n - k));
      const limit = Math.sqrt((2 / m) * variance * log) + (2 / (3 * m)) * log;
      if (Math.abs(first / k - (all - first) / (n - k)) > limit) return true;
    }
    return false;
  };
  for (const [i, one] of x.entries()) {
    window.push(one);
    const before = window.length;
    while (differs()) window = window.slice(1);
    if (window.length < before) dropPoints.push(i);
  }
  return { dropPoints, finalWidth: window.length, finalMean: expect.closeTo(mean(window), 10) };
}

describe('Every monitor', () => {
  it('says what is wrong in the order of the references', () => {
    expect(refusedWith(() => cusum([], { mu: 0, sd: 0, k: 0, h: 0 }))).toBe('E_EMPTY');
    expect(refusedWith(() => cusum([NaN], { mu: 0, sd: 0, k: 0, h: 0 }))).toBe('E_NON_FINITE');
    expect(refusedWith(() => cusum([1], { mu: 0, sd: 0, k: 0, h: 1 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => ewma([1], { mu: 0, sd: 1, lambda: 1.1, L: 3 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => pageHinkley([1], { delta: -1, lambda: 1, alpha: 1 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => bernoulliCusum([2], { p0: 0, p1: 0, h: 1 }))).toBe('E_LABEL');
    expect(refusedWith(() => bernoulliCusum([1], { p0: 0.1, p1: 0.1, h: 1 }))).toBe('E_DOMAIN');
    expect(refusedWith(() => adwin([1], { delta: 1 }))).toBe('E_DOMAIN');
  });
});
