import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import { eventsAbout, type RecordedEvent } from './audit-trail.sql.js';
import { fetched, type LedgerEvent } from './ledger-event.js';
import { appendRecords } from './ledger.sql.js';

/** Things that records are about: ids of one type. */
export interface Entities {
  readonly type: string;
  readonly ids: readonly string[];
}

/** What the ledger holds of things: who did what to them, and who looked at them. Looking here is on record, too. */
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /** Records about any of these, newest first. */
  about(caller: Caller, entities: readonly Entities[], slice: Slice<number>): Promise<RecordedEvent[]> {
    return this.database.transaction(async (tx) => {
      const types = entities.flatMap(({ type, ids }) => ids.map(() => type));
      const ids = entities.flatMap((one) => one.ids);
      const events = await eventsAbout(tx, types, ids, slice);
      const [first] = entities;
      const entity: LedgerEvent['entity'] = { type: first.type, id: first.ids[0] };
      await appendRecords(tx, [fetched(caller, entity, { what: 'audit', matches: events.length })]);
      return events;
    });
  }
}
