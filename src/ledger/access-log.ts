import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { GroupCommit } from '../database/group-commit.js';
import { appendRecords } from './append-records.sql.js';
import type { RefusedInteraction } from './refused-interaction.js';
import { fetched, type LedgerEvent, type LookFacts } from './ledger-event.js';

const GROUP_SIZE = 512;

/** One look at data: by whom, at what, and what of it. */
export interface Look extends LookFacts {
  readonly caller: Caller;
  readonly entity: LedgerEvent['entity'];
  /** What was looked at: `instances`, `frames` … */
  readonly what: string;
  /** Rows of the instances that were looked at, where the look was at single ones. */
  readonly instances?: readonly number[];
  /** What else is to be said of it. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What was refused: nothing of it was given or done. */
export interface Refusal extends Pick<LookFacts, 'patients' | 'query'> {
  readonly caller: Caller;
  /** What was asked for, as far as it may be named: an id that the client made up may say anything. */
  readonly entity: LedgerEvent['entity'];
  readonly what: string;
  /** What was asked to be done; a look where undefined. */
  readonly interaction?: RefusedInteraction;
  /** The HTTP status, and the code of the fault. */
  readonly status: number;
  readonly code?: string;
}

/**
 * Who looked at what, on record before the first byte leaves: one record for each request that gives PHI, whatever it gives.
 * Records of one moment share a statement.
 *
 * Where the settings say `fast` (ACCESS_RECORDS) their commit is not waited for on stable storage: a crash of Postgres may take the last
 * fraction of a second of looks, never a change.
 */
export class AccessLog {
  private readonly events: GroupCommit<LedgerEvent, undefined>;
  private readonly told = new WeakSet<object>();

  constructor(database: Database) {
    this.events = new GroupCommit(
      async (group) => {
        await database.lookStatement((tx) => appendRecords(tx, group));
        return group.map(() => undefined);
      },
      { items: GROUP_SIZE },
    );
  }

  /** Answers when the look is on record. Throws DatabaseAway: then nothing may be given out. */
  async record(look: Look): Promise<undefined> {
    await this.events.add(eventOf(look));
    if (look.caller.asking) this.told.add(look.caller.asking);
  }

  /** Puts a refusal on record; answers when it is. Throws DatabaseAway. */
  async refused({ caller, entity, what, interaction, status, code, patients, query }: Refusal): Promise<undefined> {
    const changes = { what, ...(interaction !== undefined && { interaction }), status, ...(code !== undefined && { code }) };
    await this.events.add(fetched(caller, entity, changes, { outcome: 'refused', patients, query }));
    if (caller.asking) this.told.add(caller.asking);
  }

  /** Puts an event on record that is no look: a login, an alert. Throws DatabaseAway. */
  note(event: LedgerEvent): Promise<undefined> {
    return this.events.add(event);
  }

  /** Whether the request of this caller's has left a record here. */
  hasRecordOf({ asking }: Caller): boolean {
    return asking !== undefined && this.told.has(asking);
  }
}

export function eventOf({ caller, entity, what, instances = [], details, ...facts }: Look): LedgerEvent {
  const named = [...new Set(instances)];
  return fetched(caller, entity, { what, ...(named.length > 0 && { instances: named }), ...details }, facts);
}
