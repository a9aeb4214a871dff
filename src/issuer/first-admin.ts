import { createHash, randomInt } from 'node:crypto';
import { FIRST_TENANT } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { createAccount, newAccount, type AccountForm } from './accounts.js';
import { isAnyAccount, type Account } from './accounts.sql.js';
import { WrongFirstAdminCode } from './faults.js';
import { bySomebody, onRecord, type Way } from './on-record.js';
import { dropFirstAdminCodes, isFirstAdminCode, keepFirstAdminCode, lockFirstAdmin, takeFirstAdminCode } from './first-admin.sql.js';

/** Crockford's digits: none is mistaken for another when it is read off a screen. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 5;
const GROUP_DIGITS = 5;

/** Who tries another code, or comes too late: a login that failed. */
const REFUSED = {
  action: 'login.failed',
  entity: { type: 'Account', id: 'unknown' },
  changes: { at: 'first administrator', code: new WrongFirstAdminCode().code },
} as const;

/** The first account: made by whoever can read what the server prints at its start, and by nobody else. */
export class FirstAdmin {
  constructor(private readonly database: Database) {}

  /** A code that makes the first account; undefined where there is one. Only its hash is kept: each start gives another. */
  async code(): Promise<string | undefined> {
    if (await this.database.statement(isAnyAccount)) return undefined;
    const group = (): string => Array.from({ length: GROUP_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join('');
    const code = Array.from({ length: GROUPS }, group).join('-');
    await this.database.statement((tx) => keepFirstAdminCode(tx, hashOf(code)));
    return code;
  }

  /** Whether nobody has an account yet. */
  async isOpen(): Promise<boolean> {
    return !(await this.database.statement(isAnyAccount));
  }

  /** Makes the first account, an administrator. Throws WrongFirstAdminCode, UnfitProperty, UnfitPassword. */
  async redeem(code: string, form: AccountForm, way: Way = {}): Promise<Account> {
    // Before a password is hashed, which costs: anybody may ask this.
    const isGood = async (tx: Transaction) => !(await isAnyAccount(tx)) && (await isFirstAdminCode(tx, hashOf(code)));
    if (!(await this.database.statement(isGood))) {
      await this.database.transaction((tx) => onRecord(tx, { ...bySomebody('anonymous', way), tenant: FIRST_TENANT, ...REFUSED }));
      throw new WrongFirstAdminCode();
    }
    const account = await newAccount({ ...form, roles: ['administrator', ...form.roles] }, FIRST_TENANT);
    return this.database.transaction(async (tx) => {
      await lockFirstAdmin(tx);
      if ((await isAnyAccount(tx)) || !(await takeFirstAdminCode(tx, hashOf(code)))) throw new WrongFirstAdminCode();
      await dropFirstAdminCodes(tx);
      return createAccount(tx, account, bySomebody('first-admin-code', way));
    });
  }
}

/** As it was printed or as it was typed: small letters, without hyphens. */
const hashOf = (code: string): string =>
  createHash('sha256')
    .update(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''))
    .digest('hex');
