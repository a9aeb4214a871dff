import type { Asking } from '../access/asking.js';
import { FIRST_TENANT } from '../access/caller.js';
import type { LedgerEvent } from './ledger-event.js';

/**
 * Somebody did not prove who they are: a token or a password was refused (401). Who it was is not known, and what they claim to be may be anybody's
 * name: nothing of it is kept. Of the address what was asked for there is left out: it may hold a token.
 * @param code   of the fault
 * @param count  how many there were like this one, where they stand in one record
 */
export const notAuthenticated = (
  { door, id, network, address }: Partial<Pick<Asking, 'door'>> & Omit<Asking, 'door'>,
  code: string,
  count?: number,
): LedgerEvent => ({
  actor: 'unknown',
  who: { kind: 'person', tenant: FIRST_TENANT, network },
  ...(door !== undefined && { door }),
  request: id,
  action: 'user.not-authenticated',
  entity: { type: 'login', id: 'unknown' },
  changes: { code, ...(count !== undefined && { count }) },
  reason: code,
  outcome: 'refused',
  sealed: { query: address.split('?', 1)[0] },
});
