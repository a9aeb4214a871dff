import { describe, expect, it } from '@jest/globals';
import { UnfitPassword } from '../../src/issuer/faults.js';
import { checkPassword, hashPassword, isPassword } from '../../src/issuer/password.js';

describe('Passwords', () => {
  it('are kept by Argon2id with a salt of their own', async () => {
    const [one, two] = await Promise.all([hashPassword('a long enough password'), hashPassword('a long enough password')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await isPassword('a long enough password', one)).toBe(true);
    expect(await isPassword('a long enough passworD', one)).toBe(false);
    expect(await isPassword('a long enough password', undefined)).toBe(false);
  });

  it('are read with the parameters they were hashed by, of another program too', async () => {
    // Of the reference implementation's tests (phc-winner-argon2, src/test.c): version 0x13, t=2, m=65536, p=1, "somesalt".
    const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await isPassword('password', known)).toBe(true);
    expect(await isPassword('differentpassword', known)).toBe(false);
  });

  it('are the same however an accent is typed', async () => {
    const hash = await hashPassword('caf\u00e9 caf\u00e9 caf\u00e9');
    expect(await isPassword('cafe\u0301 cafe\u0301 cafe\u0301', hash)).toBe(true);
  });

  it('are long enough, not endless, and not the user name', () => {
    expect(() => checkPassword('twelve chars', 'ada')).not.toThrow();
    for (const unfit of ['eleven char', 'x'.repeat(257), 'Ada.Lovelace.1815'])
      expect(() => checkPassword(unfit, 'ada.lovelace.1815')).toThrow(UnfitPassword);
  });
});
