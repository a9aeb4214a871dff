import { describe, expect, it } from '@jest/globals';
import { Pace } from '../../src/archive/pace.js';

describe('The pace of a study that grows', () => {
  it('lets it come up at once the first time, then waits for the rest of the time', () => {
    const pace = new Pace(2_000);
    expect(pace.wait(1, 10_000)).toBe(0);
    expect(pace.wait(1, 10_500)).toBe(1_500);
    expect(pace.wait(1, 11_999)).toBe(1);
    expect(pace.wait(1, 12_000)).toBe(0);
  });

  it('never puts off what waits already: a stream of requests does not keep it from coming up', () => {
    const pace = new Pace(2_000);
    pace.wait(1, 0);
    const due = Array.from({ length: 19 }, (_, i) => (i + 1) * 100).map((now) => now + pace.wait(1, now));
    expect(new Set(due)).toEqual(new Set([2_000]));
  });

  it('knows one study from another, and forgets the oldest of very many', () => {
    const pace = new Pace(2_000);
    expect(pace.wait(1, 0)).toBe(0);
    expect(pace.wait(2, 0)).toBe(0);
    for (let study = 3; study < 10_100; study++) pace.wait(study, 1);
    expect(pace.wait(1, 2)).toBe(0);
    expect(pace.wait(10_099, 2)).toBe(1_999);
  });
});
