import type { Asking } from '../access/asking.js';
import { FIRST_TENANT, type Caller } from '../access/caller.js';
import { by, type LedgerEvent } from './ledger-event.js';

/** Somebody proved who they are (DCM 110114 User Authentication, Login). For AccessLog.note. */
export const authenticated = (caller: Caller): LedgerEvent => ({
  ...by(caller),
  action: 'user.authenticated',
  entity: { type: 'login', id: caller.tokenId ?? 'unknown' },
  changes: {},
  reason: '',
  outcome: 'success',
});

/**
 * Somebody did not: a token or a password was refused (401). Who it was is not known, and what they claim to be may be anybody's
 * name: it is sealed with the address. @param code  of the fault
 */
export const notAuthenticated = (asking: Asking, code: string): LedgerEvent => ({
  actor: 'unknown',
  who: { kind: 'person', tenant: FIRST_TENANT, network: asking.network },
  door: asking.door,
  request: asking.id,
  action: 'user.not-authenticated',
  entity: { type: 'login', id: 'unknown' },
  changes: { code },
  reason: code,
  outcome: 'refused',
  sealed: { query: asking.address },
});
