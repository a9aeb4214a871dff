import { describe, expect, it } from '@jest/globals';
import { rateAt } from '../../../src/training/fit/schedule.js';

const FORM = { rate: 0.01, steps: 100, warmUp: 10 };

describe('The learning rate', () => {
  it('rises evenly to its greatest while warming up, then falls as a half cosine to nearly nothing', () => {
    const rates = Array.from({ length: FORM.steps }, (_, step) => rateAt(step, FORM));
    expect(rates[0]).toBeCloseTo(0.001, 12);
    expect(rates[9]).toBeCloseTo(0.01, 12);
    expect(rates[4]).toBeCloseTo(0.005, 12);
    expect(rates[55]).toBeCloseTo(0.005, 3);
    expect(rates[99]).toBeLessThan(0.0001);
    expect(rates.every((rate) => rate > 0 && rate <= 0.01)).toBe(true);
    rates.slice(10).forEach((rate, i) => expect(rate).toBeLessThanOrEqual(rates[9 + i]));
  });

  it('starts at its greatest without a warm-up', () => {
    expect(rateAt(0, { ...FORM, warmUp: 0 })).toBeCloseTo(0.01, 12);
  });
});
