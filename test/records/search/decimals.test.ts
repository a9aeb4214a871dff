import { describe, expect, it } from '@jest/globals';
import { impliedSpan, isDecimal, nearSpan } from '../../../src/records/search/decimals.js';

const ends = ({ low, high }: { low: string; high: string }): number[] => [Number(low), Number(high)];

describe('A number of a search (R4 search.html#number)', () => {
  it.each([
    ['100', [99.5, 100.5]],
    ['100.00', [99.995, 100.005]],
    ['1e2', [95, 105]],
    ['5.40e-3', [0.0053995, 0.0054005]],
    ['-5.4', [-5.45, -5.35]],
    ['+0', [-0.5, 0.5]],
  ])('%s leaves open %j', (text, expected) => {
    expect(ends(impliedSpan(text))).toEqual(expected);
  });

  it('is held exactly, however many digits it has', () => {
    expect(impliedSpan('12345678901234567890.5')).toEqual({
      low: '12345678901234567890' + '45e-2',
      high: '12345678901234567890' + '55e-2',
    });
  });

  it.each([
    ['100', [90, 110]],
    ['-10.0', [-11, -9]],
    ['0', [0, 0]],
  ])('ap%s is within %j', (text, expected) => {
    expect(ends(nearSpan(text))).toEqual(expected);
  });

  it.each(['', '.5', '5.', '1,5', 'NaN', 'Infinity', '0x1', '1e9999', '1'.repeat(41), '1; DROP'])('%s is none', (text) => {
    expect(isDecimal(text)).toBe(false);
  });
});
