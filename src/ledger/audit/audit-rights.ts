import type { Caller } from '../../access/caller.js';
import { requireAll } from '../../access/permits.js';

/** Who may read the record of accesses: all of it or nothing (permits.ts). Throws NotPermitted. */
export const requireAudit = (caller: Caller, interaction: 'r' | 's'): void => requireAll(caller, ['AuditEvent'], interaction);

/** The record of the accesses to one patient: the patient's own to see, and auditors'. Throws NotPermitted. */
export function requireAuditOf(caller: Caller, patient: string): void {
  const isOwn = caller.rights?.roles.includes('patient') === true && caller.rights.patient === patient;
  if (!isOwn) requireAudit(caller, 's');
}
