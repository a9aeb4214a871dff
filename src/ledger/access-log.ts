import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { GroupCommit } from '../database/group-commit.js';
import { fetched, type LedgerEvent } from './ledger-event.js';
import { appendRecords } from './ledger.sql.js';

const GROUP_SIZE = 512;

/** One look at data: by whom, at what, and what of it. */
export interface Look {
  readonly caller: Caller;
  /** What the looks of one moment are gathered by: a study's row, say. */
  readonly entity: LedgerEvent['entity'];
  /** What was looked at: `instances`, `frames` … */
  readonly what: string;
  /** Rows of the instances that were looked at, where the look was at single ones. */
  readonly instances?: readonly number[];
  /** What else is to be said of it; a look with details stands alone. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Who looked at what, on record before the first byte leaves. Looks of one moment share a statement, and those of one caller
 * at one thing share a record that names them all: a viewer that fetches a hundred frames at once leaves a few records.
 *
 * Their commit is not waited for on stable storage (a crash of Postgres may take the last fraction of a second of looks, never
 * a change): a look changes nothing, and a sync for each would be the greater part of its time.
 */
export class AccessLog {
  private readonly looks: GroupCommit<Look, undefined>;

  constructor(database: Database) {
    this.looks = new GroupCommit(
      async (group) => {
        await database.relaxedStatement((tx) => appendRecords(tx, gathered(group)));
        return group.map(() => undefined);
      },
      { items: GROUP_SIZE },
    );
  }

  /** Answers when the look is on record. Throws DatabaseAway: then nothing may be given out. */
  record(look: Look): Promise<undefined> {
    return this.looks.add(look);
  }
}

/** Looks with no details of their own, at the same thing by the same caller, become one event. */
export function gathered(looks: readonly Look[]): LedgerEvent[] {
  const together = new Map<string, Look[]>();
  for (const [place, look] of looks.entries()) {
    const { caller, entity, what, details } = look;
    const key = details === undefined ? JSON.stringify([caller.id, entity.type, entity.id, what]) : `alone ${place}`;
    together.set(key, [...(together.get(key) ?? []), look]);
  }
  return [...together.values()].map((same) => {
    const [{ caller, entity, what, details }] = same;
    const instances = [...new Set(same.flatMap((look) => look.instances ?? []))];
    return fetched(caller, entity, {
      what,
      ...(same.length > 1 ? { looks: same.length } : {}),
      ...(instances.length > 0 ? { instances } : {}),
      ...details,
    });
  });
}
