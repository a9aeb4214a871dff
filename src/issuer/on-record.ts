import { SERVER_SCOPE, type Scope } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import type { LedgerAction, LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';

/** What was done, by whom, and whose ledger it stands in: an organisation's, or the server's own where it is about none. */
export interface Deed {
  readonly tenant: Scope | undefined;
  readonly actor: string;
  readonly action: LedgerAction;
  readonly entity: LedgerEvent['entity'];
  readonly changes?: LedgerEvent['changes'];
}

/** Puts a deed on record in the transaction that does it: the issuer's work is the server's own, the record is the organisation's. */
export async function onRecord(tx: Transaction, { tenant = SERVER_SCOPE, actor, action, entity, changes = {} }: Deed): Promise<void> {
  await appendRecords(tx, [{ actor, action, entity, changes, reason: '', tenant }]);
}

/** What the ledger calls a person of ours. */
export const personId = (account: string): string => `user:${account}`;
