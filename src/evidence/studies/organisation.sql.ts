import type { Transaction } from '../../database/transaction.js';

/** What the organisation is called whose rows are seen. */
export const organisationOf = async (tx: Transaction): Promise<string> =>
  (await tx.rows<{ name: string }>('SELECT name FROM tenant WHERE id = acting_tenant()'))[0]?.name ?? '';
