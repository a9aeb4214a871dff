import type { Database } from '../database/database.js';
import { by } from '../ledger/ledger-event.js';
import { accountToLogIn, updateAccount, type Account } from './accounts.sql.js';
import { AccountAbsent } from './faults.js';
import { forgetAttempts } from './logins.sql.js';
import { dropStateOfAccount } from './oidc-state.sql.js';
import { onRecord } from './on-record.js';
import { hashPassword, newPassword } from './password.js';

/** An account as it is after that, and the one time that its password is told. */
export interface Reset {
  readonly account: Account;
  readonly password: string;
}

/**
 * Helps who has no administrator to ask: a new password, no second factor, no lock, and all that the account had open ends. On record
 * as done by the operator of the machine. One that is disabled stays so. Throws AccountAbsent.
 */
export async function resetAccount(database: Database, typed: string): Promise<Reset> {
  const username = typed.trim().toLowerCase();
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  return database.transaction(async (tx) => {
    const found = username.includes('\0') ? undefined : await accountToLogIn(tx, username);
    if (found === undefined) throw new AccountAbsent();
    const { passwordHash: _hash, totpSecret: _secret, totpStep: _step, ...account } = found;
    const { id, tenant } = account;
    await updateAccount(tx, id, { passwordHash, totpSecret: null, totpStep: null });
    await forgetAttempts(tx, username);
    await dropStateOfAccount(tx, id);
    const deed = { action: 'account.changed', entity: { type: 'Account', id }, changes: { changed: ['password', 'totp'] } } as const;
    await onRecord(tx, { ...by({ id: 'operator', kind: 'person', tenant }), tenant, ...deed });
    return { account: { ...account, hasSecondFactor: false }, password };
  });
}
