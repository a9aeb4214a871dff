import { describe, expect, it } from '@jest/globals';
import { Random } from '../../src/training/random.js';

const drawn = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('Random numbers', () => {
  it('are those of xoshiro128** 1.1 (the authors’ algorithm worked out in Python, state 1, 2, 3, 4)', () => {
    const random = Random.from([1, 2, 3, 4, null]);
    expect(drawn(6, () => random.bits())).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  it('are the same for the same seed, and others for the next and for one that differs above 32 bits', () => {
    const first = (seed: number) => {
      const random = new Random(seed);
      return [random.uniform(), random.normal(), random.integer(1000)];
    };
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
    expect(first(7)).not.toEqual(first(7 + 2 ** 32));
  });

  it('go on from a kept state, in the midst of a pair of normal numbers too', () => {
    const random = new Random(3);
    random.normal();
    const kept = Random.from(JSON.parse(JSON.stringify(random.state())) as (number | null)[]);
    expect(drawn(5, () => kept.normal())).toEqual(drawn(5, () => random.normal()));
    expect(kept.bits()).toBe(random.bits());
  });

  it('are spread evenly over 0..1, and normally', () => {
    const random = new Random(1);
    const even = drawn(100_000, () => random.uniform());
    expect(even.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(even)).toBeCloseTo(0.5, 2);
    const normal = drawn(100_000, () => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(normal.filter((value) => Math.abs(value) < 1.96).length / normal.length).toBeCloseTo(0.95, 2);
  });

  it('draws whole numbers each as often as another', () => {
    const random = new Random(5);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]++;
    expect(Math.max(...counts.map((count) => Math.abs(count - 10_000)))).toBeLessThan(400);
  });

  it('permutes: every number once, every first number as likely', () => {
    const random = new Random(9);
    expect(Array.from(random.permutation(50)).sort((a, b) => a - b)).toEqual(drawn(50, () => 0).map((_, i) => i));
    const firsts = drawn(8_000, () => random.permutation(4)[0]);
    for (const value of [0, 1, 2, 3]) expect(firsts.filter((first) => first === value).length / 8_000).toBeCloseTo(0.25, 1);
  });
});
