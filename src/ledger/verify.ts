import type { Database } from '../database/database.js';
import { CHAIN_START, chainHash } from './chain.js';
import { chainFrom, strayRecords } from './ledger.sql.js';

export type ChainVerdict =
  | { readonly whole: true; readonly records: number; readonly head: string }
  | {
      readonly whole: false;
      /** E_GAP: a number is missing; E_REMOVED: its record is gone; E_HASH: record or hash was changed; E_STRAY: a link was removed. */
      readonly code: 'E_GAP' | 'E_REMOVED' | 'E_HASH' | 'E_STRAY';
      readonly seq: number | undefined;
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
      if (link.seq !== expected) return { whole: false, code: 'E_GAP', seq: expected, records: seq };
      if (link.event === null) return { whole: false, code: 'E_REMOVED', seq: expected, records: seq };
      if (!chainHash(hash, { seq: expected, ...asObject(link.event) }).equals(link.hash))
        return { whole: false, code: 'E_HASH', seq: expected, records: seq };
      hash = link.hash;
      seq = expected;
    }
  }
  const stray = await database.statement(strayRecords);
  if (stray.length > 0) return { whole: false, code: 'E_STRAY', seq: undefined, records: seq };
  return { whole: true, records: seq, head: hash.toString('hex') };
}

/** A record that was changed into something that is no JSON object must still be named, not crash the check. */
function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : { changed: text };
  } catch {
    return { changed: text };
  }
}
