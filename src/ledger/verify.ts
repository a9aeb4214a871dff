import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../database/database.js';
import { CHAIN_START, chainHash } from './chain.js';
import { chainFrom, strayRecords, type LyingRecord } from './ledger.sql.js';
import { columnsOf } from './record-columns.js';
import { digestOf } from './seal.js';

/**
 * What is wrong with a link or its record. E_GAP: a number is missing; E_REMOVED: its record is gone; E_HASH: record or hash was
 * changed; E_COLUMNS: what the record is found by says something else than the record; E_SEALED: what is kept beside it was
 * changed or removed; E_STRAY: a link was removed.
 */
type BreakCode = 'E_GAP' | 'E_REMOVED' | 'E_HASH' | 'E_COLUMNS' | 'E_SEALED' | 'E_STRAY';

export type ChainVerdict =
  | { readonly whole: true; readonly records: number; readonly head: string }
  | {
      readonly whole: false;
      readonly code: BreakCode;
      /** The number in the chain at which it breaks. */
      readonly seq: number | undefined;
      /** Rows of the records that it is about: ids of their AuditEvents. */
      readonly rows: readonly number[];
      /** How many before it are whole. */
      readonly records: number;
    };

const STRETCH = 10_000;

/** Checks the whole chain from its beginning and says at which number it breaks first. Memory stays flat. */
export async function verifyChain(database: Database): Promise<ChainVerdict> {
  let seq = 0;
  let hash: Buffer = CHAIN_START;
  for (;;) {
    const stretch = await database.statement((tx) => chainFrom(tx, seq, STRETCH));
    if (stretch.length === 0) break;
    for (const link of stretch) {
      const expected = seq + 1;
      const code = breakOf(link, expected, hash);
      if (code !== undefined) return { whole: false, code, seq: expected, rows: code === 'E_GAP' ? [] : [link.recordId], records: seq };
      hash = link.hash;
      seq = expected;
    }
  }
  const stray = await database.statement(strayRecords);
  if (stray.length > 0) return { whole: false, code: 'E_STRAY', seq: undefined, rows: stray.map(({ id }) => id), records: seq };
  return { whole: true, records: seq, head: hash.toString('hex') };
}

function breakOf(link: LyingRecord & { seq: number; hash: Buffer }, expected: number, before: Buffer): BreakCode | undefined {
  if (link.seq !== expected) return 'E_GAP';
  if (link.event === null) return 'E_REMOVED';
  const event = asObject(link.event);
  if (!chainHash(before, { seq: expected, ...event }).equals(link.hash)) return 'E_HASH';
  if (!isDeepStrictEqual(sorted(columnsOf(event)), sorted(link.columns))) return 'E_COLUMNS';
  const digest = link.sealed === null ? undefined : digestOf(link.sealed);
  return digest === event['seal'] ? undefined : 'E_SEALED';
}

/** The order of Patients says nothing. */
const sorted = (columns: LyingRecord['columns']) => columns && { ...columns, patients: columns.patients.toSorted() };

/** A record that was changed into something that is no JSON object must still be named, not crash the check. */
function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : { changed: text };
  } catch {
    return { changed: text };
  }
}
