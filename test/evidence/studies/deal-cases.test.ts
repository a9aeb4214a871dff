import { describe, expect, it } from '@jest/globals';
import { dealtTo } from '../../../src/evidence/studies/deal-cases.js';
import { seededOrder } from '../../../src/evidence/studies/seeded-order.js';

const CASES = Array.from({ length: 21 }, (_, i) => `C${String(i + 1).padStart(4, '0')}`);
const SEED = 7;

describe('Cases that readers are dealt', () => {
  it('come in an order of the seed, another for each reader, the same each time', () => {
    const orders = [0, 1, 2].map((reader) => dealtTo(reader, CASES, 'unaided', SEED).map(({ caseKey }) => caseKey));
    for (const order of orders) expect(order.toSorted()).toEqual(CASES);
    expect(new Set(orders.map((order) => order.join())).size).toBe(3);
    expect(dealtTo(1, CASES, 'unaided', SEED).map(({ caseKey }) => caseKey)).toEqual(orders[1]);
    expect(dealtTo(1, CASES, 'unaided', SEED + 1_000).map(({ caseKey }) => caseKey)).not.toEqual(orders[1]);
  });

  it('are read at one sitting first without the model, then with it, one after another', () => {
    const dealt = dealtTo(0, CASES, 'sequential', SEED);
    for (let i = 0; i < dealt.length; i += 2) {
      expect(dealt.slice(i, i + 2).map(({ arm }) => arm)).toEqual(['unaided', 'aided']);
      expect(dealt[i].caseKey).toBe(dealt[i + 1].caseKey);
    }
    expect(dealt.map(({ place }) => place)).toEqual(dealt.map((_, i) => i + 1));
  });

  it('are crossed over: each once in each arm, half of them with the model first, and every second reader the other way round', () => {
    const [first, second] = [0, 1].map((reader) => dealtTo(reader, CASES, 'crossover', SEED));
    for (const dealt of [first, second])
      for (const session of [1, 2]) {
        const here = dealt.filter((one) => one.session === session);
        expect(here.map(({ caseKey }) => caseKey).toSorted()).toEqual(CASES);
        expect([10, 11]).toContain(here.filter(({ arm }) => arm === 'aided').length);
      }
    const armOf = (dealt: typeof first, session: number) =>
      new Map(dealt.filter((one) => one.session === session).map(({ caseKey, arm }) => [caseKey, arm]));
    for (const key of CASES) {
      expect(armOf(first, 1).get(key)).not.toBe(armOf(first, 2).get(key));
      expect(armOf(first, 1).get(key)).not.toBe(armOf(second, 1).get(key));
    }
  });

  it('lie in each place about as often as in any other', () => {
    const counts = [0, 0, 0];
    for (let seed = 0; seed < 3_000; seed++) counts[seededOrder(['a', 'b', 'c'], seed * 7_919, 1).indexOf('a')] += 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120); // 4.6 standard deviations
  });
});
