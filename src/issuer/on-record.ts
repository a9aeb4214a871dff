import type { Transaction } from '../database/transaction.js';
import type { LedgerAction, LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';

/** Puts on record what was done to an account or a client, or by one, in the transaction that does it. */
export const onRecord = (
  tx: Transaction,
  actor: string,
  action: LedgerAction,
  entity: LedgerEvent['entity'],
  changes: LedgerEvent['changes'] = {},
): Promise<void> => appendRecords(tx, [{ actor, action, entity, changes, reason: '' }]);

/** What the ledger calls a person of ours. */
export const personId = (account: string): string => `user:${account}`;
