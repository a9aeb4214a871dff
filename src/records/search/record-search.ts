import type { Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import type { AccessLog } from '../../ledger/access-log.js';
import type { VersionRow } from '../store/versions.sql.js';
import { lastOfEachCode } from './last-n.sql.js';
import type { Cursor, Include, Search } from './search.js';
import { countMatches, includedBy, searchPage, type FoundRow } from './search.sql.js';

/** Past so many matches a total is told only where it is asked for: counting costs as much as it counts. */
const MOST_COUNTED = 10_000;
/** Resources that a page's includes may add. */
const MOST_INCLUDED = 1_000;
/** Rounds of `:iterate`: a chain of references that is longer is none that anyone follows. */
const MOST_ROUNDS = 10;

export interface FoundPage {
  readonly matches: readonly VersionRow[];
  readonly included: readonly VersionRow[];
  /** Includes were left out, as they were too many. */
  readonly cutShort: boolean;
  /** How many match in all; undefined where nobody counted. */
  readonly total: number | undefined;
  /** Where the next page begins; undefined after the last. */
  readonly next: Cursor | undefined;
}

/** Finds resources (R4 search.html). */
export class RecordSearch {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {}

  /** A page, on record before it is given: what was searched by and how many were found, never the values. */
  async search(caller: Caller, search: Search, parameters: readonly string[]): Promise<FoundPage> {
    return this.onRecord(caller, search, parameters, await this.database.statement((tx) => findPage(tx, search)));
  }

  /** The last `most` Observations of each code among those that a search finds (lastOfEachCode). */
  async lastOfEachCode(caller: Caller, search: Search, parameters: readonly string[], most: number): Promise<FoundPage> {
    const matches = await this.database.statement((tx) => lastOfEachCode(tx, search, most));
    return this.onRecord(caller, search, parameters, { matches, included: [], cutShort: false, total: matches.length, next: undefined });
  }

  private async onRecord(caller: Caller, { types }: Search, parameters: readonly string[], found: FoundPage): Promise<FoundPage> {
    await this.accessLog.record({
      caller,
      entity: { type: types.length === 1 ? types[0] : 'Resource', id: 'search' },
      what: 'search',
      details: { parameters: [...new Set(parameters)], matches: found.matches.length, included: found.included.length },
    });
    return found;
  }
}

/** A page in the caller's transaction, where nobody looks at it. */
export async function findPage(tx: Transaction, search: Search): Promise<FoundPage> {
  const { count, cursor, total, includes } = search;
  if (count === 0) return { matches: [], included: [], cutShort: false, total: await countMatches(tx, search, undefined), next: undefined };
  const rows = await searchPage(tx, search);
  const matches = rows.slice(0, count);
  const more = (rows.at(0)?.found ?? 0) > matches.length;
  const last = more ? matches[matches.length - 1] : undefined;
  const [all, { included, cutShort }] = await Promise.all([
    total === 'none'
      ? undefined
      : cursor === undefined && !more
        ? matches.length
        : countMatches(tx, search, total === 'accurate' ? undefined : MOST_COUNTED),
    include(tx, includes, matches),
  ]);
  return { matches, included, cutShort, total: all, next: last && { values: last.keys, no: last.no } };
}

/** What the matches bring along; `:iterate` goes on from what was brought (R4 search.html#include). */
async function include(
  tx: Transaction,
  includes: readonly Include[],
  matches: readonly FoundRow[],
): Promise<{ included: FoundRow[]; cutShort: boolean }> {
  const there = new Map(matches.map((row) => [row.no, row]));
  const included: FoundRow[] = [];
  let from: readonly FoundRow[] = matches;
  for (let round = 0; from.length > 0 && round < MOST_ROUNDS; round++) {
    const brought: FoundRow[] = [];
    for (const one of includes.filter(({ iterate }) => round === 0 || iterate))
      for (const row of await includedBy(tx, one, from, MOST_INCLUDED + 1))
        if (!there.has(row.no)) {
          there.set(row.no, row);
          brought.push(row);
        }
    included.push(...brought);
    if (included.length > MOST_INCLUDED) return { included: included.slice(0, MOST_INCLUDED), cutShort: true };
    from = brought;
  }
  return { included, cutShort: false };
}
