import type { Caller } from '../../access/caller.js';
import { rolePermits } from '../../access/roles.js';
import { AuditNotPermitted } from './faults.js';

/** The one place where it is checked who may read the record of accesses: by role and by scope. Throws AuditNotPermitted. */
export function requireAudit({ rights }: Caller, interaction: 'r' | 's'): void {
  if (rights === undefined) return;
  const { roles, grants } = rights;
  const isGranted = grants.some(
    ({ context, type, interactions, query }) =>
      context !== 'patient' && (type === 'AuditEvent' || type === '*') && query === undefined && interactions.has(interaction),
  );
  if (!isGranted || !roles.some((role) => rolePermits(role, 'AuditEvent', interaction))) throw new AuditNotPermitted();
}

/** The record of the accesses to one patient: the patient's own to see, and auditors'. Throws AuditNotPermitted. */
export function requireAuditOf(caller: Caller, patient: string): void {
  if (caller.rights?.patient !== patient) requireAudit(caller, 's');
}
