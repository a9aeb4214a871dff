import type { Meta } from 'fhir/r4.js';
import type { Caller } from '../../access/caller.js';
import { NotPermitted, requireAll } from '../../access/permits.js';
import { isAway, type Database } from '../../database/database.js';
import { GroupCommit } from '../../database/group-commit.js';
import type { Transaction } from '../../database/transaction.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { lookerOf } from '../../ledger/on-record.sql.js';
import type { Condition } from '../edit/condition.js';
import { patientsAmong } from '../patients-among.js';
import { SearchTooLarge } from './faults.js';
import { labelsInUse } from './labels.sql.js';
import { lastOfEachCode } from './last-n.sql.js';
import type { Cursor, Include, Search } from './search.js';
import { openAmong } from './open-among.sql.js';
import { narrowed, readsAll } from './permitted.js';
import { sought, type Sought } from './sought.js';
import { isShort } from './timeline.js';
import { storedCodes, type StoredCodes } from './value-sets.js';
import { countMatches, includedBy, patientsCounted, searchPage, walkOnRecord, type FoundRow, type PageRow } from './search.sql.js';
import { patientsFound, patientsSought } from './patients-sought.js';

/** Past so many matches a total is told only where it is asked for: counting costs as much as it counts. */
const MOST_COUNTED = 10_000;
/** Resources that a page's includes may add. */
const MOST_INCLUDED = 1_000;
/** Rounds of `:iterate`: a chain of references that is longer is none that anyone follows. */
const MOST_ROUNDS = 10;

/** Walks that share a round trip. */
const WALK_GROUP = 16;
type Walking = (tx: Transaction) => Promise<PageRow[]>;

export interface FoundPage {
  readonly matches: readonly FoundRow[];
  /** Whom that is about which is counted and not given (patientsCounted). */
  readonly counted?: readonly string[];
  readonly included: readonly FoundRow[];
  /** Includes were left out, as they were too many. */
  readonly cutShort: boolean;
  /** How many match in all; undefined where nobody counted. */
  readonly total: number | undefined;
  /** Where the next page begins; undefined after the last. */
  readonly next: Cursor | undefined;
}

const NOTHING: FoundPage = { matches: [], included: [], cutShort: false, total: 0, next: undefined };

/** Finds resources (R4 search.html). */
export class RecordSearch {
  /** Short walks of one moment share a round trip. */
  private readonly walks: GroupCommit<Walking, PageRow[] | Error>;

  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {
    this.walks = new GroupCommit((group) => database.lookStatement((tx) => walkAll(tx, group)), { items: WALK_GROUP });
  }

  /**
   * A page of what is open to the caller, on record before it is given: what was searched by and how many were found, never
   * the values. Throws NotPermitted.
   */
  async search(caller: Caller, wanted: Search, asked: Sought): Promise<FoundPage> {
    const search = narrowed(caller, wanted);
    const walk =
      search.count > 0 && search.includes.length === 0 && isShort(search)
        ? walkOnRecord(search, { looker: () => lookerOf(caller, asked.query), parameters: asked.names, sought: patientsSought(wanted) })
        : undefined;
    if (walk === undefined)
      return this.onRecord(caller, wanted, asked, await this.database.statement((tx) => pageOpenTo(tx, caller, search)));
    const rows = await this.walks.add(walk);
    if (rows instanceof Error) throw rows;
    const page = pageOf(search, rows);
    const total = page.all ?? (await this.database.statement((tx) => countAll(tx, search)));
    return { matches: page.matches, included: [], cutShort: false, total, next: page.next };
  }

  /** All that a search finds, page after page, for what is made of it. Throws SearchTooLarge where that is more than `most`. */
  async searchAll(caller: Caller, search: Search, asked: Sought, most: number): Promise<FoundRow[]> {
    const found: FoundRow[] = [];
    for (let { cursor } = search; ;) {
      const page = await this.search(caller, { ...search, cursor }, asked);
      found.push(...page.matches);
      if (found.length > most) throw new SearchTooLarge(`more than ${most} matches`);
      if (page.next === undefined) return found;
      cursor = page.next;
    }
  }

  /** The last `most` Observations of each code among those that a search finds (lastOfEachCode). */
  async lastOfEachCode(caller: Caller, wanted: Search, asked: Sought, most: number): Promise<FoundPage> {
    const search = narrowed(caller, wanted);
    const found = await this.database.statement((tx) => lastOfEachCode(tx, { ...search, count: search.count + 1 }, most));
    const [matches, cutShort] = [found.slice(0, search.count), found.length > search.count];
    const total = cutShort ? undefined : matches.length;
    return this.onRecord(caller, wanted, asked, { matches, included: [], cutShort, total, next: undefined });
  }

  /** Puts on record, as the search that it is, a condition of an interaction that nothing met (R4 http.html#cdelete). */
  async unmet(caller: Caller, type: string, { search, parameters }: Condition): Promise<void> {
    await this.onRecord(caller, search, sought({ type }, parameters), NOTHING);
  }

  /** What a search names of stored value sets (storedCodes). */
  async valueSets(parameters: readonly (readonly [string, string])[]): Promise<StoredCodes | undefined> {
    if (!parameters.some(([name]) => name.endsWith('in'))) return undefined;
    return this.database.statement((tx) => storedCodes(tx, parameters));
  }

  /** The profiles, labels and tags that resources of these types have (labelsInUse). */
  async labels(caller: Caller, types: readonly string[]): Promise<Meta> {
    requireAll(caller, types, 's');
    if (types.includes('Binary') && !readsAll(caller)) throw new NotPermitted('Binary', 's');
    const meta = await this.database.statement((tx) => labelsInUse(tx, types));
    const entity = { type: types.length === 1 ? types[0] : 'Resource', id: 'meta' };
    await this.accessLog.record({ caller, entity, what: 'labels', details: {} });
    return meta;
  }

  private async onRecord(caller: Caller, search: Search, { names, query }: Sought, found: FoundPage): Promise<FoundPage> {
    const { types } = search;
    const whose = new Set([...patientsAmong(found.matches, found.included), ...(found.counted ?? [])]);
    const others = patientsSought(search).filter((id) => !whose.has(id));
    const known = others.length === 0 ? [] : await this.database.statement((tx) => patientsFound(tx, others));
    await this.accessLog.record({
      caller,
      entity: { type: types.length === 1 ? types[0] : 'Resource', id: 'search' },
      what: 'search',
      details: { parameters: names, matches: found.matches.length, included: found.included.length },
      patients: [...whose, ...known],
      query,
    });
    return found;
  }
}

/** A page of what is open to the caller, in its transaction; nobody puts it on record. Throws NotPermitted. */
export const findPage = async (tx: Transaction, caller: Caller, search: Search): Promise<FoundPage> =>
  pageOpenTo(tx, caller, narrowed(caller, search));

async function pageOpenTo(tx: Transaction, caller: Caller, search: Search): Promise<FoundPage> {
  const { count, includes } = search;
  if (count === 0) {
    const total = (await countMatches(tx, search, undefined)) ?? 0;
    return { matches: [], counted: await patientsCounted(tx, search, total), included: [], cutShort: false, total, next: undefined };
  }
  const { matches, next, all } = pageOf(search, await searchPage(tx, search));
  const [total, { included, cutShort }] = await Promise.all([all ?? countAll(tx, search), include(tx, caller, includes, matches)]);
  return { matches, included, cutShort, total, next };
}

/** What a page's rows say; `all`: how many there are in all, where they say it. */
function pageOf({ count, cursor, total, offset }: Search, rows: readonly PageRow[]) {
  const matches = rows.slice(0, count);
  const more = (rows.at(0)?.found ?? 0) > matches.length;
  const last = more ? matches[matches.length - 1] : undefined;
  return {
    matches,
    next: last && { values: last.keys, no: last.no },
    all: total !== 'none' && cursor === undefined && offset === undefined && !more ? matches.length : undefined,
  };
}

/** Undefined where nobody wants to know, or there are too many. */
const countAll = async (tx: Transaction, search: Search): Promise<number | undefined> =>
  search.total === 'none' ? undefined : countMatches(tx, search, search.total === 'accurate' ? undefined : MOST_COUNTED);

/** Each for itself: one that is wrong is told of, and the others are not kept from theirs; they fail together where the database is away. */
async function walkAll(tx: Transaction, group: readonly Walking[]): Promise<(PageRow[] | Error)[]> {
  const walked = await Promise.allSettled(group.map((walk) => walk(tx)));
  return walked.map((one) => {
    if (one.status === 'fulfilled') return one.value;
    if (isAway(one.reason) || !(one.reason instanceof Error)) throw one.reason;
    return one.reason;
  });
}

/** What the matches bring along; `:iterate` goes on from what was brought (R4 search.html#include). */
async function include(
  tx: Transaction,
  caller: Caller,
  includes: readonly Include[],
  matches: readonly FoundRow[],
): Promise<{ included: FoundRow[]; cutShort: boolean }> {
  const there = new Map(matches.map((row) => [row.no, row]));
  const included: FoundRow[] = [];
  let from: readonly FoundRow[] = matches;
  for (let round = 0; from.length > 0 && round < MOST_ROUNDS; round++) {
    const brought: FoundRow[] = [];
    for (const one of includes.filter(({ iterate }) => round === 0 || iterate))
      // What is shut brings nothing along either.
      for (const row of await openAmong(tx, caller, await includedBy(tx, one, from, MOST_INCLUDED + 1)))
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
