import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';

/**
 * Runs `work` in a transaction that sees and takes accounts, apps and grants of one organisation alone (row-level security,
 * migrations/0025-account-rows.ts), whatever its statements say, and may do nothing else but append to the ledger. Throws DatabaseAway.
 * @param database  as the server itself sees it
 */
export const inOrganisation = <T>(database: Database, tenant: number, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  database.transaction(async (tx) => {
    await tx.rows(`SELECT set_config('role', 'wetread_accounts', true), set_config('wetread.tenant', $1, true)`, [String(tenant)]);
    return work(tx);
  });
