import type { JSONWebKeySet } from 'jose';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../database/database.js';
import { CHAIN_START, membersOf, recordHash } from './chain.js';
import type { Head } from './head.js';
import { CheckpointsToMeet } from './checkpoints-to-meet.js';
import { chainFrom, strayRecords, type LyingRecord } from './ledger.sql.js';
import { columnsOf } from './record-columns.js';
import { digestOf } from './seal.js';

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
  let seq = 0;
  let hash: Buffer = CHAIN_START;
  for (;;) {
    const stretch = await database.statement((tx) => chainFrom(tx, seq, STRETCH));
    if (stretch.length === 0) break;
    await checkpoints.take(seq + stretch.length);
    for (const link of stretch) {
      const expected = seq + 1;
      const code = breakOf(link, expected, hash);
      if (code !== undefined) return { whole: false, code, seq: expected, rows: code === 'E_GAP' ? [] : [link.recordId], records: seq };
      hash = link.hash;
      seq = expected;
      still.found(seq, hash.toString('hex'));
      const wrong = checkpoints.reached(seq, hash);
      if (wrong !== undefined) return { whole: false, code: wrong, seq, rows: [], records: seq - 1 };
    }
  }
  const stray = await database.statement(strayRecords);
  if (stray.length > 0) return { whole: false, code: 'E_STRAY', seq: undefined, rows: stray.map(({ id }) => id), records: seq };
  const lost = still.lost(seq);
  if (lost !== undefined) return { whole: false, ...lost, rows: [], records: Math.min(seq, lost.seq - 1) };
  const beyond = checkpoints.beyond(seq);
  if (beyond !== undefined) return { whole: false, code: 'E_CUT', seq: seq + 1, rows: [], records: seq, seen: beyond };
  return { whole: true, records: seq, head: hash.toString('hex'), checkpoints: checkpoints.met };
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

function breakOf(link: LyingRecord & { seq: number; hash: Buffer }, expected: number, before: Buffer): BreakCode | undefined {
  if (link.seq !== expected) return 'E_GAP';
  if (link.event === null) return 'E_REMOVED';
  if (!recordHash(before, expected, link.event).equals(link.hash)) return 'E_HASH';
  const event = membersOf(link.event);
  if (!isDeepStrictEqual(sorted(columnsOf(event)), sorted(link.columns))) return 'E_COLUMNS';
  const digest = link.sealed === null ? undefined : digestOf(link.sealed);
  return digest === event['seal'] ? undefined : 'E_SEALED';
}

/** The order of Patients says nothing. */
const sorted = (columns: LyingRecord['columns']) => columns && { ...columns, patients: columns.patients.toSorted() };
