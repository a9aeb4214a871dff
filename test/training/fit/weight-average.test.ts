import { describe, expect, it } from '@jest/globals';
import { WeightAverage } from '../../../src/training/fit/weight-average.js';

const at = (value: number) => ({ parameters: Float32Array.of(value, -value), statistics: Float32Array.of(2 * value) });

describe('The running mean of a network over its steps', () => {
  it('is the network as it is where nothing stays', () => {
    const average = new WeightAverage(0);
    average.add(at(1), 1);
    average.add(at(5), 2);
    expect(average.network).toEqual(at(5));
  });

  it('forgets faster in the first steps, then by its decay', () => {
    const average = new WeightAverage(0.9);
    average.add(at(0), 1);
    average.add(at(1), 2); // 2 / 12 of what was before stays
    expect(average.network.parameters[0]).toBeCloseTo(10 / 12, 6);
    average.add(at(0), 1000);
    expect(average.network.parameters[0]).toBeCloseTo((0.9 * 10) / 12, 6);
    expect(average.network.parameters[1]).toBe(-average.network.parameters[0]);
    expect(average.network.statistics[0]).toBeCloseTo(2 * average.network.parameters[0], 6);
  });

  it('goes on from where it stood, and gives copies only', () => {
    const before = new WeightAverage(0.9);
    before.add(at(3), 1);
    const kept = before.network;
    const after = new WeightAverage(0.9, kept);
    for (const average of [before, after]) average.add(at(7), 2);
    expect(after.network).toEqual(before.network);
    expect(kept).toEqual(at(3));
  });

  it('of nothing there is none', () => {
    expect(() => new WeightAverage(0.9).network).toThrow(RangeError);
  });
});
