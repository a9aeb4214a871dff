import { describe, expect, it } from '@jest/globals';
import { soundOf, soundsOf } from '../../src/archive/name-sounds.js';

describe('How a name sounds (American Soundex)', () => {
  it.each([
    ['robert', 'r163'],
    ['rupert', 'r163'],
    ['ashcraft', 'a261'],
    ['tymczak', 't522'],
    ['pfister', 'p236'],
    ['honeyman', 'h555'],
    ['smith', 's530'],
    ['smyth', 's530'],
    ["o'hara", 'o600'],
    ['lee', 'l000'],
  ])('%s is %s', (word, code) => expect(soundOf(word)).toBe(code));

  it('says nothing of other scripts, and each sound of a name once', () => {
    expect(soundOf('山田')).toBeUndefined();
    expect(soundsOf('smith^john smyth=山田')).toBe('s530 j500');
    expect(soundsOf('')).toBe('');
  });
});
