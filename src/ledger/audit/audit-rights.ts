import type { Caller } from '../../access/caller.js';
import { permitOf, requireAll } from '../../access/permits.js';

/** Who may read the record of accesses: all of it or nothing (permits.ts). Throws NotPermitted. */
export const requireAudit = (caller: Caller, interaction: 'r' | 's'): void => requireAll(caller, ['AuditEvent'], interaction);

/**
 * How much of the record of the accesses to one patient the caller is told: all of it who may read all accesses, what is their own
 * (own-record.ts) the patient. Throws NotPermitted.
 */
export function auditShareOf(caller: Caller, patient: string): 'all' | 'own' {
  if (permitOf(caller, 'AuditEvent', 's') === 'all') return 'all';
  const isOwn = caller.rights?.roles.includes('patient') === true && caller.rights.patient === patient;
  if (!isOwn) requireAudit(caller, 's');
  return 'own';
}
