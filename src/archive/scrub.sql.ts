import type { Transaction } from '../database/transaction.js';

/** An object with the instance that refers to it. */
export interface ScrubbedObject {
  readonly instanceRow: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Objects of instances after a row, of deleted ones that can still be restored too. */
export const objectsAfter = (tx: Transaction, row: number, limit: number) =>
  tx.rows<ScrubbedObject & Record<string, unknown>>(
    `(SELECT id AS "instanceRow", encode(sha256, 'hex') AS sha256, bytes FROM instance WHERE id > $1 ORDER BY id LIMIT $2)
     UNION ALL
     (SELECT id, encode(sha256, 'hex'), bytes FROM deleted_instance WHERE id > $1 ORDER BY id LIMIT $2)
      ORDER BY 1 LIMIT $2`,
    [row, limit],
  );

/** Takes or renews the lease on the round; answers the last row that was read, or nothing while another holds it or none is due. */
export const claimRound = async (tx: Transaction, holder: string, leaseSeconds: number): Promise<number | undefined> =>
  (
    await tx.rows<{ afterRow: number }>(
      `UPDATE scrub_progress SET holder = $1, lease_until = now() + make_interval(secs => $2),
              round_began = CASE after_row WHEN 0 THEN now() ELSE round_began END
        WHERE id = 1 AND (holder IS NULL OR holder = $1 OR lease_until < now()) AND (after_row > 0 OR next_round_at <= now())
    RETURNING after_row AS "afterRow"`,
      [holder, leaseSeconds],
    )
  )[0]?.afterRow;

export const advanceRound = (tx: Transaction, holder: string, afterRow: number, read: { objects: number; bytes: number }) =>
  tx.run(`UPDATE scrub_progress SET after_row = $2, objects = objects + $3, bytes = bytes + $4 WHERE id = 1 AND holder = $1`, [
    holder,
    afterRow,
    read.objects,
    read.bytes,
  ]);

/** Ends the round; the next begins a day after this one began, or at once where it took longer. */
export const endRound = async (tx: Transaction, holder: string) =>
  (
    await tx.rows<{ round: number; objects: number; bytes: number }>(
      `WITH before AS (SELECT round, objects, bytes FROM scrub_progress WHERE id = 1)
       UPDATE scrub_progress p SET after_row = 0, objects = 0, bytes = 0, round = p.round + 1, holder = NULL,
              next_round_at = greatest(now(), p.round_began + interval '1 day')
         FROM before WHERE p.id = 1 AND p.holder = $1 RETURNING before.round, before.objects, before.bytes`,
      [holder],
    )
  )[0];

/** Each organisation that has an instance of these bytes, living or deleted, with the first of its instances. */
export const holdersOf = (tx: Transaction, sha256: string) =>
  tx.rows<{ tenant: number; instanceRow: number }>(
    `SELECT tenant, min(id) AS "instanceRow"
       FROM (SELECT tenant, id FROM instance WHERE sha256 = decode($1, 'hex')
             UNION ALL SELECT tenant, id FROM deleted_instance WHERE sha256 = decode($1, 'hex')) AS held
      GROUP BY tenant ORDER BY tenant`,
    [sha256],
  );

/** Writes damage down unless nothing refers to the object any more; answers true where it was not known. */
export const insertDamage = async (tx: Transaction, { sha256, instanceRow }: ScrubbedObject, what: string): Promise<boolean> =>
  (
    await tx.rows<{ fresh: boolean }>(
      `INSERT INTO damaged_object (sha256, instance_row, what)
       SELECT decode($1, 'hex'), $2, $3
        WHERE EXISTS (SELECT 1 FROM instance WHERE id = $2) OR EXISTS (SELECT 1 FROM deleted_instance WHERE id = $2)
           ON CONFLICT (sha256) DO UPDATE SET what = excluded.what, seen_at = now()
    RETURNING (xmax = 0) AS fresh`,
      [sha256, instanceRow, what],
    )
  )[0]?.fresh ?? false;

/** Forgets damage of an object that is whole again; answers how much was known. */
export const forgetDamage = (tx: Transaction, sha256: string) =>
  tx.run(`DELETE FROM damaged_object WHERE sha256 = decode($1, 'hex')`, [sha256]);

export interface DamageRow {
  readonly sha256: string;
  readonly instanceRow: number;
  readonly what: string;
  readonly foundAt: Date;
}

export const damagedObjects = (tx: Transaction, limit: number) =>
  tx.rows<DamageRow & Record<string, unknown>>(
    `SELECT encode(sha256, 'hex') AS sha256, instance_row AS "instanceRow", what, found_at AS "foundAt" FROM damaged_object
      ORDER BY found_at, sha256 LIMIT $1`,
    [limit],
  );

/** What the scrubber says of itself: damage known, and how far the round is. */
export const scrubState = async (tx: Transaction) =>
  (
    await tx.rows<{ damaged: number; round: number; objects: number; bytes: number }>(
      `SELECT (SELECT count(*)::int FROM damaged_object) AS damaged, round, objects, bytes FROM scrub_progress WHERE id = 1`,
      [],
      'archive.scrub-state',
    )
  )[0];
