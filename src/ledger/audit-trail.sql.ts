import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { LedgerEvent } from './ledger-event.js';

export interface RecordedEvent extends LedgerEvent {
  readonly row: number;
  /** ISO 8601 */
  readonly occurredAt: string;
}

/** What the index ledger_record_by_entity holds: things that people ask after. */
export type AuditedType = 'study' | 'series' | 'instance' | 'ImagingStudy' | 'report' | 'DiagnosticReport';

/** A part of what an event is about, as the index finds it in the text (migration 0026). */
const part = (n: number): string => `split_part(split_part(r.event, '"entity"', 2), '"', ${n})`;

/** Records about things (`type/id`), newest first. */
export async function eventsAbout(
  tx: Transaction,
  about: readonly `${AuditedType}/${string}`[],
  slice: Slice<number>,
): Promise<RecordedEvent[]> {
  const rows = await tx.rows<{ id: number; event: string }>(
    `SELECT r.id, r.event FROM ledger_record r
      WHERE ${part(4)} || '/' || ${part(8)} = ANY($1::text[])
        AND ${part(4)} IN ('study', 'series', 'instance', 'ImagingStudy', 'report', 'DiagnosticReport')
        AND ($2::bigint IS NULL OR r.id < $2) AND ($3::bigint IS NULL OR r.id > $3)
      ORDER BY r.id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT $4`,
    [about, slice.after ?? null, slice.before ?? null, slice.limit],
    slice.backwards ? 'ledger.about-back' : 'ledger.about',
  );
  return inOrder(rows, slice).map(({ id, event }) => {
    const { occurred_at: occurredAt, ...said } = JSON.parse(event) as LedgerEvent & { occurred_at: string }; // a room of ours wrote it
    return { ...said, row: id, occurredAt };
  });
}
