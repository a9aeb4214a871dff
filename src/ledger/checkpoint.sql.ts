import type { Transaction } from '../database/transaction.js';
import type { Checkpoint } from './checkpoint.js';

/** A checkpoint with what its tree grows on from. */
export interface CheckpointRow extends Checkpoint {
  /** The peaks of the tree (GrowingTree), one after the other: 32 bytes each. */
  readonly peaks: Buffer;
}
type Row = CheckpointRow & Record<string, unknown>;

const COLUMNS = 'size, root, head, origin, signed_at AS "signedAt", kid, signature, peaks';

export const lastCheckpoint = async (tx: Transaction): Promise<CheckpointRow | undefined> =>
  (await tx.rows<Row>(`SELECT ${COLUMNS} FROM ledger_checkpoint ORDER BY size DESC LIMIT 1`))[0];

/** Checkpoints of more records than `after`, and of `to` at most, the smallest first. */
export const checkpointsUpTo = (tx: Transaction, after: number, to: number): Promise<CheckpointRow[]> =>
  tx.rows<Row>(`SELECT ${COLUMNS} FROM ledger_checkpoint WHERE size > $1 AND size <= $2 ORDER BY size`, [after, to]);

/** Answers whether this one was written: another server may have written one of the same size. */
export const insertCheckpoint = async (tx: Transaction, one: CheckpointRow): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO ledger_checkpoint (size, root, head, origin, signed_at, kid, signature, peaks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT DO NOTHING`,
    [one.size, one.root, one.head, one.origin, one.signedAt, one.kid, one.signature, one.peaks],
  )) === 1;

/** Hashes of the links after a number, in order, as one text of bytes: 32 each. */
export const linkHashes = async (tx: Transaction, after: number, limit: number): Promise<Buffer> =>
  (
    await tx.rows<{ hashes: Buffer | null }>(
      `SELECT string_agg(hash, ''::bytea ORDER BY seq) AS hashes FROM (SELECT seq, hash FROM ledger_link WHERE seq > $1 ORDER BY seq LIMIT $2) AS l`,
      [after, limit],
      'ledger.link-hashes',
    )
  )[0].hashes ?? Buffer.alloc(0);
