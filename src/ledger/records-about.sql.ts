import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { LedgerEvent } from './ledger-event.js';

export interface RecordedEvent extends LedgerEvent {
  readonly row: number;
  /** ISO 8601 */
  readonly occurredAt: string;
}

/** Things that people ask after. */
export type AuditedType = 'study' | 'series' | 'instance' | 'ImagingStudy' | 'report' | 'DiagnosticReport';

/** Records about things (`type/id`), newest first. */
export async function eventsAbout(
  tx: Transaction,
  about: readonly `${AuditedType}/${string}`[],
  slice: Slice<number>,
): Promise<RecordedEvent[]> {
  const rows = await tx.rows<{ id: number; event: string }>(
    `SELECT r.id, r.event FROM ledger_record r
      WHERE r.entity_id = ANY($5::text[])
        AND (r.entity_type, r.entity_id) IN (SELECT type, id FROM unnest($1::text[], $5::text[]) AS a (type, id))
        AND ($2::bigint IS NULL OR r.id < $2) AND ($3::bigint IS NULL OR r.id > $3)
      ORDER BY r.id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT $4`,
    [about.map((one) => one.split('/')[0]), slice.after ?? null, slice.before ?? null, slice.limit, about.map((one) => one.split('/')[1])],
    slice.backwards ? 'ledger.about-back' : 'ledger.about',
  );
  return inOrder(rows, slice).map(({ id, event }) => {
    const { occurred_at: occurredAt, ...said } = JSON.parse(event) as LedgerEvent & { occurred_at: string }; // a room of ours wrote it
    return { ...said, row: id, occurredAt };
  });
}
