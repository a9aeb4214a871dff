import { describe, expect, it } from '@jest/globals';
import { duration, progressLine } from '../../../src/evidence/runs/progress-line.js';
import { RunProgress } from '../../../src/evidence/runs/run-progress.js';

describe('The progress of a run on a terminal', () => {
  it('is one line: a bar, how many of how many, how fast, and when it will be done', () => {
    const progress = new RunProgress(200, { done: 0, failed: 0 }, 0);
    expect(progressLine(progress.at(0))).toBe(`[${'-'.repeat(24)}]   0.0 %  0/200  ETA unknown`);
    for (let n = 1; n <= 5; n++) progress.add({ cases: 10, failed: n === 2 ? 1 : 0 }, n * 1_000);
    expect(progressLine(progress.at(5_000))).toBe(
      `[${'#'.repeat(6)}${'-'.repeat(18)}]  25.0 %  50/200  1 failed  10.0 cases/s  ETA 15 s (15 s … 15 s)`,
    );
    progress.add({ cases: 150, failed: 0 }, 20_000);
    expect(progressLine(progress.at(20_000))).toBe(`[${'#'.repeat(24)}] 100.0 %  200/200  1 failed  10.0 cases/s  ETA 0 s (0 s … 0 s)`);
  });

  it.each([
    [0.4, '0 s'],
    [59.6, '1 min 00 s'],
    [185, '3 min 05 s'],
    [7_620, '2 h 07 min'],
    [360_000, '100 h 00 min'],
  ])('%s seconds are %s', (seconds, said) => expect(duration(seconds)).toBe(said));
});
