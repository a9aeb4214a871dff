import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areNear, canonicalForm, differenceOf } from '../../../src/evidence/package/verify/canonical-form.js';
import { canonicalText } from '../../../src/signing/canonical.js';

describe('The canonical form that a verifier makes', () => {
  it('is the one that the server signs, of any JSON', () => {
    const json = fc.jsonValue({ noUnicodeString: false, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(fc.record({ b: json, a: json }), (value) => canonicalForm(value) === canonicalText(value)),
      { numRuns: 2_000 },
    );
    for (const value of [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6 },
      [1e21, 1e-7, -0, 0.1, 1 / 3],
      { a: undefined, b: [null] },
    ])
      expect(canonicalForm(value)).toBe(canonicalText(value)); // RFC 8785 3.2.3, appendix B
  });

  it('is not made of what JSON cannot hold, or of what is too deep', () => {
    for (const value of [NaN, Infinity, '\ud800', { '\udc00': 1 }, 1n, () => 1])
      expect(() => canonicalForm({ a: [value] })).toThrow(TypeError);
    expect(() => canonicalForm(JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`))).toThrow('it is too deep');
  });
});

describe('Two JSON values', () => {
  it('differ first where their members do', () => {
    expect(differenceOf({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBeUndefined();
    expect(differenceOf({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toEqual({ path: ['a', 1, 'b'], a: 2, b: 3 });
    expect(differenceOf({ a: 1 }, { a: 1, b: 2 })).toEqual({ path: ['b'], a: undefined, b: 2 });
    expect(differenceOf([1, 2], [1])).toEqual({ path: [1], a: 2, b: undefined });
    expect(differenceOf({ 0: 1 }, [1])).toEqual({ path: [], a: { 0: 1 }, b: [1] });
  });

  it('are near where only last digits differ', () => {
    expect(areNear({ a: [0.1 + 0.2, 'x', null] }, { a: [0.3, 'x', null] })).toBe(true);
    for (const [a, b] of [
      [{ a: 0.3 }, { a: 0.3001 }],
      [{ a: 1 }, { a: 1, b: 1 }],
      [{ a: 'x' }, { a: 'y' }],
      [{ a: null }, { a: 0 }],
      [[1], { 0: 1 }],
    ])
      expect(areNear(a, b)).toBe(false);
  });
});
