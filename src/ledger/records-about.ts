import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import { eventsAbout, type AuditedType, type RecordedEvent } from './records-about.sql.js';
import { requireAudit } from './audit/audit-rights.js';
import { fetched, type LedgerEvent } from './ledger-event.js';
import { appendRecords } from './append-records.sql.js';

/** Things that records are about: ids of one type. */
export interface Entities {
  readonly type: AuditedType;
  readonly ids: readonly string[];
}

/** What the ledger holds of things: who did what to them, and who looked at them. Looking here is on record, too. */
export class RecordsAbout {
  constructor(private readonly database: Database) {}

  /** Records about any of these, newest first. */
  async about(caller: Caller, entities: readonly Entities[], slice: Slice<number>): Promise<RecordedEvent[]> {
    requireAudit(caller, 's');
    return this.database.transaction(async (tx) => {
      const about = entities.flatMap(({ type, ids }) => ids.map((id) => `${type}/${id}` as const));
      const events = await eventsAbout(tx, about, slice);
      const [first] = entities;
      const entity: LedgerEvent['entity'] = { type: first.type, id: first.ids[0] };
      const patients = [...new Set(events.flatMap((event) => event.patients ?? []))];
      await appendRecords(tx, [fetched(caller, entity, { what: 'audit', matches: events.length }, { patients })]);
      return events;
    });
  }
}
