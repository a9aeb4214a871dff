import type { Transaction } from '../database/transaction.js';

/** Any constant of our own. */
const FIRST_ADMIN_LOCK = 7_337_124;

/** Of two who have a code at once one is first. */
export const lockFirstAdmin = (tx: Transaction): Promise<number> => tx.run('SELECT pg_advisory_xact_lock($1)', [FIRST_ADMIN_LOCK]);

export const keepFirstAdminCode = (tx: Transaction, sha256: string): Promise<number> =>
  tx.run('INSERT INTO first_admin_code (code_sha256, made_at) VALUES ($1, now())', [sha256]);

export const isFirstAdminCode = async (tx: Transaction, sha256: string): Promise<boolean> =>
  (await tx.rows('SELECT FROM first_admin_code WHERE code_sha256 = $1', [sha256])).length === 1;

export const takeFirstAdminCode = async (tx: Transaction, sha256: string): Promise<boolean> =>
  (await tx.run('DELETE FROM first_admin_code WHERE code_sha256 = $1', [sha256])) === 1;

export const dropFirstAdminCodes = (tx: Transaction): Promise<number> => tx.run('DELETE FROM first_admin_code');
