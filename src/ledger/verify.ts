import type { JSONWebKeySet } from 'jose';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../database/database.js';
import { membersOf, recordHash } from './chain.js';
import type { Head } from './head.js';
import { headOf } from './checkpoint.js';
import { lastCheckpoint } from './checkpoint.sql.js';
import { CheckpointsToMeet } from './checkpoints-to-meet.js';
import { chainFrom, strayRecords, type LinkedRecord } from './ledger.sql.js';
import { CHAIN_START } from './link-hash.js';
import { columnsOf, type RecordColumns } from './record-columns.js';
import { digestOf } from './seal.js';
import { chainSight } from './watch.sql.js';

/**
 * What is wrong with a link or its record. E_GAP: a number is missing; E_REMOVED: its record is gone; E_HASH: record or hash was
 * changed; E_COLUMNS: what the record is found by says something else than the record; E_SEALED: what is kept beside it was
 * changed or removed; E_STRAY: a link was removed. E_CUT: the chain ends before what a server had seen of it; E_OTHER: it is another.
 * E_CHECKPOINT: a checkpoint of so many records is not of this chain; E_SIGNATURE: none of the server's keys has signed it.
 */
type BreakCode =
  'E_GAP' | 'E_REMOVED' | 'E_HASH' | 'E_COLUMNS' | 'E_SEALED' | 'E_STRAY' | 'E_CUT' | 'E_OTHER' | 'E_CHECKPOINT' | 'E_SIGNATURE';

export type ChainVerdict =
  | { readonly whole: true; readonly records: number; readonly head: string; readonly checkpoints: number }
  | {
      readonly whole: false;
      readonly code: BreakCode;
      /** The number in the chain at which it breaks. */
      readonly seq: number | undefined;
      /** Rows of the records that it is about: ids of their AuditEvents. */
      readonly rows: readonly number[];
      /** How many before it are whole. */
      readonly records: number;
      /** What a server had seen that is not there. */
      readonly seen?: Head;
    };

const STRETCH = 10_000;

/**
 * Checks the whole chain from its beginning, and each checkpoint of it, and says at which number it breaks first. Memory stays flat.
 * @param seen  ends of the chain that servers had seen, read before: the chain must hold all of them
 * @param keys  those that may have signed checkpoints; their signatures are not checked where undefined
 */
export async function verifyChain(database: Database, seen: readonly Head[] = [], keys?: JSONWebKeySet): Promise<ChainVerdict> {
  const still = new HeadsToFind(seen);
  const checkpoints = await CheckpointsToMeet.of(database, keys);
  const through = await goThrough(
    database,
    { seq: 0, hash: CHAIN_START },
    {
      before: (to) => checkpoints.take(to),
      link: (number, hash) => {
        still.found(number, hash.toString('hex'));
        return checkpoints.reached(number, hash);
      },
    },
  );
  if (!through.whole) return through;
  const { seq, hash } = through.end;
  const stray = await database.statement(strayRecords);
  if (stray.length > 0) return { whole: false, code: 'E_STRAY', seq: undefined, rows: stray.map(({ id }) => id), records: seq };
  const lost = still.lost(seq);
  if (lost !== undefined) return { whole: false, ...lost, rows: [], records: Math.min(seq, lost.seq - 1) };
  const beyond = checkpoints.beyond(seq);
  if (beyond !== undefined) return { whole: false, code: 'E_CUT', seq: seq + 1, rows: [], records: seq, seen: beyond };
  return { whole: true, records: seq, head: hash.toString('hex'), checkpoints: checkpoints.met };
}

/**
 * Checks what came after the last checkpoint, and that the chain still has what that was of: what a server looks at when it starts.
 * @param most  records that are looked at, the last ones; those before them are believed
 */
export async function verifyEnd(database: Database, most = 100_000): Promise<ChainVerdict> {
  const last = await database.statement(lastCheckpoint);
  const end = await database.statement((tx) => chainSight(tx, last?.size ?? 0));
  const seen = last && headOf(last);
  if (seen !== undefined && (end === undefined || end.seq < seen.seq))
    return { whole: false, code: 'E_CUT', seq: (end?.seq ?? 0) + 1, rows: [], records: end?.seq ?? 0, seen };
  if (seen !== undefined && end?.known !== seen.hash)
    return { whole: false, code: 'E_OTHER', seq: seen.seq, rows: [], records: seen.seq - 1, seen };
  const from = Math.max(seen?.seq ?? 0, (end?.seq ?? 0) - most);
  const known = from === 0 ? undefined : await database.statement((tx) => chainSight(tx, from));
  const start = { seq: from, hash: known?.known == null ? CHAIN_START : Buffer.from(known.known, 'hex') };
  const through = await goThrough(database, start, { before: async () => undefined, link: () => undefined });
  if (!through.whole) return through;
  return { whole: true, records: through.end.seq - from, head: through.end.hash.toString('hex'), checkpoints: seen === undefined ? 0 : 1 };
}

/** What else is looked at while the chain is gone through. */
interface Alongside {
  /** Before a stretch, which ends with this number. */
  before(to: number): Promise<void>;
  /** With each link that is whole: what is wrong with it all the same. */
  link(seq: number, hash: Buffer): BreakCode | undefined;
}
interface Place {
  readonly seq: number;
  readonly hash: Buffer;
}

async function goThrough(
  database: Database,
  from: Place,
  also: Alongside,
): Promise<{ readonly whole: true; readonly end: Place } | Extract<ChainVerdict, { whole: false }>> {
  let { seq, hash } = from;
  const read = (after: number): Promise<LinkedRecord[]> => database.statement((tx) => chainFrom(tx, after, STRETCH));
  for (let next = read(seq); ;) {
    const stretch = await next;
    if (stretch.length === 0) return { whole: true, end: { seq, hash } };
    next = read(seq + stretch.length); // while this one is looked at
    next.catch(() => undefined); // heard in its turn, if that comes
    await also.before(seq + stretch.length);
    for (const link of stretch) {
      const expected = seq + 1;
      const code = breakOf(link, expected, hash) ?? also.link(expected, link.hash);
      if (code !== undefined) return { whole: false, code, seq: expected, rows: code === 'E_GAP' ? [] : [link.recordId], records: seq };
      hash = link.hash;
      seq = expected;
    }
  }
}

/** Heads that the chain must hold, looked for while it is gone through. */
class HeadsToFind {
  private readonly bySeq: ReadonlyMap<number, readonly Head[]>;
  private readonly last: Head | undefined;
  private first: string | undefined;
  private held = 0;
  private other: Head | undefined;

  constructor(seen: readonly Head[]) {
    this.bySeq = Map.groupBy(seen, ({ seq }) => seq);
    this.last = seen.reduce<Head | undefined>((last, head) => (last === undefined || head.seq > last.seq ? head : last), undefined);
  }

  found(seq: number, hash: string): void {
    this.first ??= hash;
    for (const head of this.bySeq.get(seq) ?? []) {
      if (head.hash !== hash) this.other ??= head;
      else if (this.other === undefined) this.held = seq;
    }
  }

  /** The first number that is not what was seen, once the chain has ended with `end`. */
  lost(end: number): { readonly code: 'E_CUT' | 'E_OTHER'; readonly seq: number; readonly seen: Head } | undefined {
    const { other, first } = this;
    if (other !== undefined) return { code: 'E_OTHER', seq: Math.max(this.held, other.ledger === first ? 1 : 0) + 1, seen: other };
    return this.last !== undefined && this.last.seq > end ? { code: 'E_CUT', seq: end + 1, seen: this.last } : undefined;
  }
}

function breakOf(link: LinkedRecord, expected: number, before: Buffer): BreakCode | undefined {
  if (link.seq !== expected) return 'E_GAP';
  if (link.event === null) return 'E_REMOVED';
  if (!recordHash(before, expected, link.event).equals(link.hash)) return 'E_HASH';
  const event = membersOf(link.event);
  if (!areOf(link, columnsOf(event))) return 'E_COLUMNS';
  const digest = link.sealed === null ? undefined : digestOf(link.sealed);
  return digest === event['seal'] ? undefined : 'E_SEALED';
}

/** Whether a record's columns are those that its text has. */
const areOf = (link: LinkedRecord, { patients, ...columns }: RecordColumns): boolean =>
  (Object.keys(columns) as (keyof typeof columns)[]).every((name) => link[name] === columns[name]) &&
  areSame(link.patients ?? [], patients);

/** The order of Patients says nothing. */
const areSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && (some.length < 2 ? some[0] === others[0] : isDeepStrictEqual(some.toSorted(), others.toSorted()));
