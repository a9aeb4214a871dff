import { describe, expect, it } from '@jest/globals';
import { MalformedUid } from '../../src/dicom/faults.js';
import { hasLeadingZero, uid } from '../../src/dicom/uid.js';

describe('UID (PS3.5 9.1)', () => {
  it.each(['1', '1.2.840.10008.1.2', '0.0', `1.${'2'.repeat(62)}`])('takes %s', (text) => {
    expect(uid(text)).toBe(text);
  });

  it.each(['', '.', '1.', '.1', '1..2', '1.2a', '1.2 ', '../../etc/passwd', '1.2\n', '１.２', `1.${'2'.repeat(63)}`])(
    'refuses %p',
    (text) => {
      expect(() => uid(text)).toThrow(MalformedUid);
    },
  );

  it('does not repeat in its fault what it refused', () => {
    expect(() => uid('Doe^Jane')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('Doe') }));
  });

  it('tells of leading zeros, which old data has', () => {
    expect(['1.02.3', '01.2', '1.0.2', '1.20'].map((text) => hasLeadingZero(uid(text)))).toEqual([true, true, false, false]);
  });
});
