import { describe, expect, it } from '@jest/globals';
import { preference } from '../../src/api/preferences.js';

describe('A preference (RFC 7240 2)', () => {
  it.each([
    ['return=minimal', 'minimal'],
    ['Return = "Minimal"', 'minimal'],
    ['respond-async, return=minimal; why="x"', 'minimal'],
    ['return=representation, return=minimal', 'representation'],
    ['return', ''],
    ['handling=lenient', undefined],
    ['xreturn=minimal', undefined],
    ['', undefined],
  ])('of %s is %s', (header, expected) => expect(preference(header, 'return')).toBe(expected));

  it('may come in several headers, or in none', () => {
    expect(preference(['handling=strict', 'return=minimal'], 'return')).toBe('minimal');
    expect(preference(undefined, 'return')).toBeUndefined();
  });
});
