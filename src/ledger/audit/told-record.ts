import type { LedgerEvent, Sealed } from '../ledger-event.js';
import { columnsOf, type RecordColumns } from '../record-columns.js';
import { unsealed } from '../seal.js';

/** A record of the ledger as it is read. */
export interface LedgerRow {
  readonly id: number;
  readonly event: string;
  readonly sealed: Buffer | null;
}

/** A record with all that it says, as the forms that are made of it take it. */
export interface ToldRecord {
  readonly id: number;
  readonly event: LedgerEvent;
  readonly columns: RecordColumns;
  readonly sealed: Sealed;
  /** Something that it says is left out for who is told it. */
  readonly isPartial?: true;
}

export function toldRecord({ id, event, sealed }: LedgerRow): ToldRecord {
  const said = JSON.parse(event) as LedgerEvent & Record<string, unknown>; // written here
  return { id, event: said, columns: columnsOf(said), sealed: unsealed(sealed) };
}
