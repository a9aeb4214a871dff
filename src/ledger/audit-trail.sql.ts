import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { LedgerEvent } from './ledger-event.js';

export interface RecordedEvent extends LedgerEvent {
  readonly row: number;
  /** ISO 8601 */
  readonly occurredAt: string;
}

/** Records about things, newest first. The places of type and id are those of the index ledger_record_by_entity. */
export async function eventsAbout(
  tx: Transaction,
  types: readonly string[],
  ids: readonly string[],
  slice: Slice<number>,
): Promise<RecordedEvent[]> {
  const rows = await tx.rows<{ id: number; event: string }>(
    `SELECT r.id, r.event FROM (SELECT DISTINCT type, id FROM unnest($1::text[], $2::text[]) AS u (type, id)) AS e
       JOIN ledger_record r ON r.event::json #>> '{entity,type}' = e.type AND r.event::json #>> '{entity,id}' = e.id
      WHERE ($3::bigint IS NULL OR r.id < $3) AND ($4::bigint IS NULL OR r.id > $4)
      ORDER BY r.id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT $5`,
    [types, ids, slice.after ?? null, slice.before ?? null, slice.limit],
    slice.backwards ? 'ledger.about-back' : 'ledger.about',
  );
  return inOrder(rows, slice).map(({ id, event }) => {
    const { occurred_at: occurredAt, ...said } = JSON.parse(event) as LedgerEvent & { occurred_at: string }; // a room of ours wrote it
    return { ...said, row: id, occurredAt };
  });
}
