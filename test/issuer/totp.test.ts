import { describe, expect, it } from '@jest/globals';
import { newTotpSecret, totpCode, totpStepOf, totpUri } from '../../src/issuer/totp.js';

/** The ASCII secret of RFC 6238's appendix B, in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('One-time codes (RFC 6238)', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of appendix B at second %i', (seconds, code) => {
    expect(totpCode(SECRET, Math.floor(seconds / 30), 8)).toBe(code);
  });

  it('are good for the step before and after, and not after they were used', () => {
    const now = 1_234_567_890_000;
    const step = Math.floor(now / 30_000);
    for (const aside of [-1, 0, 1]) expect(totpStepOf(SECRET, totpCode(SECRET, step + aside), null, now)).toBe(step + aside);
    for (const aside of [-2, 2]) expect(totpStepOf(SECRET, totpCode(SECRET, step + aside), null, now)).toBeUndefined();
    expect(totpStepOf(SECRET, totpCode(SECRET, step), step, now)).toBeUndefined();
    expect(totpStepOf(SECRET, totpCode(SECRET, step), step - 1, now)).toBe(step);
    for (const none of ['', '12345', '1234567', 'abcdef']) expect(totpStepOf(SECRET, none, null, now)).toBeUndefined();
  });

  it('have secrets of 160 bits, which apps read', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    expect(totpUri(secret, 'ada@site', 'wetread')).toBe(`otpauth://totp/wetread%3Aada%40site?secret=${secret}&issuer=wetread`);
  });
});
