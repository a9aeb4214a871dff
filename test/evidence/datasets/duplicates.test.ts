import { describe, expect, it } from '@jest/globals';
import { alikePairs, exactGroups, MOST_ALIKE_PAIRS } from '../../../src/evidence/datasets/duplicates.js';

const aCase = (caseKey: string, pixelSha256: string, perceptualHash: string) => ({ caseKey, pixelSha256, perceptualHash });

describe('Duplicates of a dataset', () => {
  const cases = [
    aCase('C0004', 'b', '00000000000000ff'),
    aCase('C0001', 'a', '00000000000000ff'),
    aCase('C0003', 'a', '00000000000000ff'),
    aCase('C0002', 'c', '00000000000000fc'),
    aCase('C0005', 'd', 'ff00ff00ff00ff00'),
    aCase('C0006', 'd', 'ff00ff00ff00ff00'),
  ];

  it('are groups of the same pixels, and pairs of other pixels that look alike, whatever the order of the cases', () => {
    const alike = [
      { a: 'C0001', b: 'C0004', distance: 0 },
      { a: 'C0003', b: 'C0004', distance: 0 },
      { a: 'C0001', b: 'C0002', distance: 2 },
      { a: 'C0002', b: 'C0003', distance: 2 },
      { a: 'C0002', b: 'C0004', distance: 2 },
    ];
    for (const order of [cases, cases.toReversed()]) {
      expect(exactGroups(order)).toEqual([
        ['C0001', 'C0003'],
        ['C0005', 'C0006'],
      ]);
      expect(alikePairs(order)).toEqual(alike);
    }
    expect(alikePairs(cases, 1)).toEqual(alike.slice(0, 2));
  });

  it('are told as far as they are bounded, the nearest first, where nearly all look alike', () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      aCase(`C${1000 + i}`, String(i), i % 2 === 0 ? '0f0f0f0f0f0f0f0f' : '0f0f0f0f0f0f0f0e'),
    );
    const pairs = alikePairs(many);
    expect(pairs).toHaveLength(MOST_ALIKE_PAIRS);
    expect(new Set(pairs.map(({ distance }) => distance))).toEqual(new Set([0]));
  });

  it('are found among 29,000 without comparing each with each', () => {
    const state = { value: 1 };
    const word = () => ((state.value = (Math.imul(state.value, 1_103_515_245) + 12_345) >>> 0) >>> 0).toString(16).padStart(8, '0');
    const many = Array.from({ length: 29_000 }, (_, i) => aCase(`C${10_000 + i}`, String(i), word() + word()));
    const last = many[28_999];
    const twin = aCase(
      'C99999',
      'twin',
      last.perceptualHash.replace(/.$/, (digit) => (parseInt(digit, 16) ^ 3).toString(16)),
    );
    expect(alikePairs([...many, twin])).toContainEqual({ a: last.caseKey, b: 'C99999', distance: 2 });
  });
});
