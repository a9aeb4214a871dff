import { createHash } from 'node:crypto';
import type { Database } from '../database/database.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { event } from '../log.js';
import { ObjectMissing } from './faults.js';
import { forgetDamage, holdersOf, insertDamage, type ScrubbedObject } from './scrub.sql.js';
import type { ObjectStorage } from './storage/object-storage.js';

const PIECE_BYTES = 1 << 20;

/** What reading an object again said of it. */
export type ScrubVerdict = 'whole' | 'damaged' | 'missing';

/** Takes its time after bytes were read; throws to break off. */
export type ScrubPace = (bytes: number) => Promise<void>;

/** Reads an object whole against its SHA-256. Throws StorageAway, and what `pace` throws: neither says anything of the object. */
export async function scrubObject(storage: ObjectStorage, { sha256, bytes }: ScrubbedObject, pace: ScrubPace): Promise<ScrubVerdict> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes));
  try {
    for (let at = 0; at < bytes; at += piece.length) {
      const target = piece.subarray(0, Math.min(piece.length, bytes - at));
      await storage.readInto(sha256, target, at);
      hash.update(target);
      await pace(target.length);
    }
  } catch (error) {
    if (error instanceof ObjectMissing) return 'missing';
    throw error;
  }
  return hash.digest('hex') === sha256 ? 'whole' : 'damaged';
}

/**
 * Writes a verdict down: damage once on the ledger, for the auditors of each organisation whose instance it is, and in the log, and its end where an object
 * is whole again. Nothing is removed.
 */
export async function recordVerdict(database: Database, object: ScrubbedObject, verdict: ScrubVerdict): Promise<void> {
  const { instanceRow, sha256, bytes } = object;
  if (verdict === 'whole') {
    if ((await database.statement((tx) => forgetDamage(tx, sha256))) > 0) event('archive.mended', { instanceRow });
    return;
  }
  const fresh = await database.transaction(async (tx) => {
    if (!(await insertDamage(tx, object, verdict))) return false;
    const holders = await holdersOf(tx, sha256);
    await appendRecords(
      tx,
      holders.map((holder) => ({
        tenant: holder.tenant,
        actor: 'wetread',
        action: 'archive.damaged' as const,
        entity: { type: 'instance', id: String(holder.instanceRow) },
        changes: { sha256, bytes },
        reason: verdict,
      })),
    );
    return true;
  });
  if (fresh) event('archive.damaged', { instanceRow, what: verdict, bytes });
}
