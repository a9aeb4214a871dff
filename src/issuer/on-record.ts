import type { Asking } from '../access/asking.js';
import { FIRST_TENANT, type Caller } from '../access/caller.js';
import { SERVER_SCOPE, type Scope } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import { by, fetched, type AccessFacts, type LedgerAction, type LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import type { Account } from './accounts.sql.js';

/** Who did it, and what is known of them and of their request. */
export type Doer = Pick<AccessFacts, 'actor'> & Partial<AccessFacts>;

/** What was done, by whom, and whose ledger it stands in: an organisation's, or the server's own where it is about none. */
export interface Deed extends Doer {
  readonly tenant: Scope | undefined;
  readonly action: LedgerAction;
  readonly entity: LedgerEvent['entity'];
  readonly changes?: LedgerEvent['changes'];
}

/** Puts a deed on record in the transaction that does it: the issuer's work is the server's own, the record is the organisation's. */
export async function onRecord(tx: Transaction, { tenant = SERVER_SCOPE, changes = {}, ...deed }: Deed): Promise<void> {
  await appendRecords(tx, [{ ...deed, changes, reason: '', tenant }]);
}

/** Puts on record that somebody looked at what is administered; before it is given. */
export const lookOnRecord = (tx: Transaction, caller: Caller, entity: LedgerEvent['entity'], found: number): Promise<void> =>
  appendRecords(tx, [{ ...fetched(caller, entity, { what: 'administered', matches: found }), tenant: caller.tenant }]);

/** What the ledger calls a person of ours. */
export const personId = (account: string): string => `user:${account}`;

/** By which request somebody does it, and through which app: as far as that is at hand. */
export interface Way {
  readonly asking?: Asking;
  readonly client?: string;
}

/** A person of ours as who did it. */
export const byPerson = ({ id, tenant, roles, fhirUser }: Pick<Account, 'id' | 'tenant' | 'roles' | 'fhirUser'>, way: Way = {}): Doer =>
  by({ id: personId(id), kind: 'person', tenant, rights: { roles, grants: [] }, ...(fhirUser !== null && { fhirUser }), ...way });

/** Somebody of whom no more is known than where they ask from. What they claim to be may be anybody's name. */
export const bySomebody = (actor: string, { tenant = FIRST_TENANT, ...way }: Way & { readonly tenant?: number } = {}): Doer =>
  by({ id: actor, kind: 'person', tenant, ...way });
