import type { Transaction } from '../database/transaction.js';

/** First half of the gates' advisory keys; any constant of our own. The second half is a hash of the study's UID, or 0. */
const GATES = 7_337_103;

/** Longer than any ordinary transaction; not long for whoever waits behind it. */
const IMPATIENT = '100ms';

/**
 * Held by every transaction that stores: of its studies none is deleted, and no object is removed, until it commits. Shared,
 * so that stores never wait for each other. Without it a study could vanish between the look for its row and the rows
 * below it. Where it is not `patient` the transaction fails (`isHeld`) once it has waited a moment, for a gate or for a row.
 */
export const passGates = (tx: Transaction, studyInstanceUIDs: readonly string[], patient: boolean) =>
  tx.rows(
    `SELECT set_config('lock_timeout', $2, true),
            pg_advisory_xact_lock_shared(${GATES}, CASE uid WHEN '' THEN 0 ELSE hashtext(uid) END) FROM unnest($1::text[]) AS uid`,
    [['', ...studyInstanceUIDs], patient ? '0' : IMPATIENT],
    'archive.pass-gates',
  );

/** SQLSTATE 55P03, lock_not_available: what a transaction fails with that waited too long. */
export const isHeld = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '55P03';

/** Those of these studies whose gate is closed, or about to be. */
export const heldStudies = async (tx: Transaction, studyInstanceUIDs: readonly string[]): Promise<string[]> =>
  (
    await tx.rows<{ uid: string }>(
      `SELECT uid FROM unnest($1::text[]) AS uid WHERE NOT pg_try_advisory_xact_lock_shared(${GATES}, hashtext(uid))`,
      [studyInstanceUIDs],
    )
  ).map(({ uid }) => uid);

/** Keeps stores out of one study until the transaction ends; a transaction closes one gate only, so that none waits crosswise. */
export const closeStudy = (tx: Transaction, studyInstanceUID: string) =>
  tx.rows(`SELECT pg_advisory_xact_lock(${GATES}, hashtext($1))`, [studyInstanceUID], 'archive.close-study');

/** Keeps all stores from committing until the transaction ends: for the moment in which objects are removed. */
export const closeStore = (tx: Transaction) => tx.rows(`SELECT pg_advisory_xact_lock(${GATES}, 0)`, [], 'archive.close-store');
