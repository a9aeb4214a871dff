import { describe, expect, it } from '@jest/globals';
import { planRun } from '../../../src/evidence/runs/plan-run.js';
import { RunProgress } from '../../../src/evidence/runs/run-progress.js';
import { nextUniform, streamState } from '../../../src/evidence/statistics/resampling/random-stream.js';

/** Milliseconds that cases take, 100 to 300, the same each time. */
function times(count: number, replicate = 1): number[] {
  const state = streamState(20_260_501n, replicate);
  return Array.from({ length: count }, () => 100 + 200 * nextUniform(state));
}
const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

describe('How far a run has come', () => {
  it('is told in cases, a percentage, and how fast: over the last minute, and since it began', () => {
    const progress = new RunProgress(1_000, { done: 0, failed: 0 }, 5_000);
    expect(progress.at(5_000)).toMatchObject({ done: 0, percent: 0, casesPerSecond: { lately: null, overall: null }, secondsLeft: null });
    for (let n = 1; n <= 10; n++) progress.add({ cases: 20, failed: n === 3 ? 1 : 0 }, 5_000 + n * 2_000); // 10 a second
    expect(progress.at(25_000)).toMatchObject({ done: 200, failed: 1, total: 1_000, percent: 20 });
    expect(progress.at(25_000).casesPerSecond).toEqual({ lately: 10, overall: 10 });
    expect(progress.at(25_000).secondsLeft).toEqual({ estimate: 80, lower: 80, upper: 80 }); // all alike: nothing to miss by
    for (let n = 1; n <= 6; n++) progress.add({ cases: 20, failed: 0 }, 25_000 + n * 20_000); // then 1 a second
    const { lately, overall } = progress.at(145_000).casesPerSecond;
    expect([lately, overall]).toEqual([1, 320 / 140]);
  });

  it('counts what was done before it went on, and not as speed', () => {
    const progress = new RunProgress(100, { done: 60, failed: 2 }, 0);
    for (let n = 1; n <= 4; n++) progress.add({ cases: 5, failed: 0 }, n * 1_000);
    expect(progress.at(4_000)).toMatchObject({ done: 80, failed: 2, percent: 80, casesPerSecond: { overall: 5 } });
    expect(progress.at(4_000).secondsLeft?.estimate).toBeCloseTo(4, 9);
    for (let n = 5; n <= 8; n++) progress.add({ cases: 5, failed: 0 }, n * 1_000);
    expect(progress.at(8_000)).toMatchObject({ done: 100, percent: 100, secondsLeft: { estimate: 0, lower: 0, upper: 0 } });
    expect(new RunProgress(0, { done: 0, failed: 0 }, 0).at(10)).toMatchObject({ percent: 100, secondsLeft: { estimate: 0 } });
  });

  it('tells the time left with an interval that the rest lies in, about as often as it says', () => {
    let inside = 0;
    const runs = 200;
    for (let replicate = 1; replicate <= runs; replicate++) {
      const all = times(640, replicate);
      const progress = new RunProgress(640, { done: 0, failed: 0 }, 0);
      let now = 0;
      for (let from = 0; from < 320; from += 16) {
        now += sum(all.slice(from, from + 16));
        progress.add({ cases: 16, failed: 0 }, now);
      }
      const left = progress.at(now).secondsLeft;
      const rest = sum(all.slice(320)) / 1_000;
      if (left !== null && rest >= left.lower && rest <= left.upper) inside++;
    }
    expect(inside / runs).toBeGreaterThan(0.91);
    expect(inside / runs).toBeLessThan(0.99);
  });
});

describe('The plan of a run', () => {
  const held = { bytesPerCase: 2_500, residentBytes: [300e6, 420e6, 410e6] };

  it('is made of what some cases took while several ran at once', () => {
    const plan = planRun([200, 300, 100, 200], 29_000, 2, held);
    expect(plan).toMatchObject({ cases: 29_000, workers: 2, casesPerSecond: 10, diskBytes: 72_500_000, memoryBytes: 420e6 });
    expect(plan.milliseconds.mean).toBe(200);
    expect(plan.milliseconds.median).toBe(200);
    expect(plan.milliseconds.percentile95).toBeCloseTo(285, 9);
    expect(plan.seconds.estimate).toBe(2_900);
    // t(0.975, 3) = 3.18245; s² = 20000/3; √(N s² + N² s²/4) = 29000 · s · √(1/29000 + 1/4)
    const miss = (3.182446305 * 29_000 * Math.sqrt(20_000 / 3) * Math.sqrt(1 / 29_000 + 1 / 4)) / 2 / 1_000;
    expect(plan.seconds.upper).toBeCloseTo(2_900 + miss, 3);
    expect(plan.seconds.lower).toBeCloseTo(2_900 - miss, 3);
  });

  it('holds what the whole takes, about as often as it says', () => {
    let inside = 0;
    const plans = 200;
    for (let replicate = 1; replicate <= plans; replicate++) {
      const all = times(4_200, replicate + 1_000);
      const { seconds } = planRun(all.slice(0, 200), 4_000, 1, held);
      const took = sum(all.slice(200)) / 1_000;
      if (took >= seconds.lower && took <= seconds.upper) inside++;
    }
    expect(inside / plans).toBeGreaterThan(0.91);
    expect(inside / plans).toBeLessThan(0.99);
  });

  it('is not made of one case', () => {
    expect(() => planRun([100], 29_000, 1, held)).toThrow(expect.objectContaining({ code: 'too-few-measured', status: 422 }));
  });
});
