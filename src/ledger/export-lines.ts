import type { JSONWebKeySet } from 'jose';
import type { Database } from '../database/database.js';
import { numberedEvent } from './chain.js';
import { originOf, signedCheckpoint } from './checkpoint.js';
import { checkpointsUpTo, lastCheckpoint, linkHashes } from './checkpoint.sql.js';
import { chainTexts } from './ledger.sql.js';
import { FORM } from './verify-export.js';

const STRETCH = 5_000;

/** A piece of an export: whole lines, each with its end. */
export interface ExportPiece {
  readonly text: string;
  /** Number of the last record up to here. */
  readonly size: number;
}

/** The ledger cannot be given out: a record of it is gone, or it has no checkpoint. */
export class LedgerNotWhole extends Error {
  constructor(words: string) {
    super(`${words}: npm run ledger:verify says what is wrong`);
  }
}

/**
 * The ledger up to its last checkpoint as lines of JSON (NDJSON): a head with the public keys, the records in the canonical form that their
 * hashes are of (RFC 8785), and after the record that each is of, the checkpoints. `verify-export.ts` checks it. Memory stays flat.
 * Throws LedgerNotWhole.
 */
export async function* exportLines(database: Database, { keys }: JSONWebKeySet): AsyncGenerator<ExportPiece, void> {
  const last = await database.statement(lastCheckpoint);
  if (last === undefined) throw new LedgerNotWhole('the ledger has no checkpoint');
  const first = await database.statement((tx) => linkHashes(tx, 0, 1));
  // What of a key nothing hangs on (alg, use) could be changed unseen.
  const bare = keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid }));
  yield { text: line({ form: FORM, origin: originOf(first), keys: bare }), size: 0 };
  for (let seq = 0; seq < last.size;) {
    const [from, to] = [seq, Math.min(last.size, seq + STRETCH)];
    const [records, checkpoints] = await Promise.all([
      database.statement((tx) => chainTexts(tx, from, to - from)),
      database.statement((tx) => checkpointsUpTo(tx, from, to)),
    ]);
    const signed = new Map(checkpoints.map((one) => [one.size, one]));
    const lines: string[] = [];
    for (const { seq: number, event, hash } of records) {
      if (event === null) throw new LedgerNotWhole(`record ${number} is gone`);
      lines.push(`{"event":${numberedEvent(event, number)},"hash":"${hash.toString('hex')}"}\n`);
      const checkpoint = signed.get(number);
      if (checkpoint === undefined) continue;
      lines.push(line(signedCheckpoint(checkpoint)));
      signed.delete(number);
    }
    if (records.length !== to - from || signed.size > 0) throw new LedgerNotWhole(`records ${from + 1} to ${to} are not all there`);
    seq = to;
    yield { text: lines.join(''), size: seq };
  }
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
