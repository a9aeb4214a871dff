import type { Transaction } from '../database/transaction.js';

/** When an actor was last given a FHIR resource by its id, whichever version; undefined where the ledger has no such look. */
export const lastLook = async (tx: Transaction, actor: string, { type, id }: { type: string; id: string }): Promise<Date | undefined> =>
  (
    await tx.rows<{ at: Date }>(
      `SELECT occurred_at AS at FROM ledger_record
        WHERE entity_id = $1 AND entity_type = $2 AND actor = $3 AND action = 'R' AND outcome = 0 ORDER BY id DESC LIMIT 1`,
      [id, type, actor],
      'ledger.last-look',
    )
  ).at(0)?.at;
