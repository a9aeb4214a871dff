import type { Transaction } from '../database/transaction.js';

/** First half of the gates' advisory keys; any constant of our own. The second half is a hash of the study's UID, or 0. */
const GATES = 7_337_103;

/**
 * Held by every transaction that stores: of its studies none is deleted, and no object is removed, until it commits. Shared,
 * so that stores never wait for each other. Without it a study could vanish between the look for its row and the rows
 * below it.
 */
export const passGates = (tx: Transaction, studyInstanceUIDs: readonly string[]) =>
  tx.rows(
    `SELECT pg_advisory_xact_lock_shared(${GATES}, CASE uid WHEN '' THEN 0 ELSE hashtext(uid) END) FROM unnest($1::text[]) AS uid`,
    [['', ...studyInstanceUIDs]],
    'archive.pass-gates',
  );

/** Keeps stores out of one study until the transaction ends; a transaction closes one gate only, so that none waits crosswise. */
export const closeStudy = (tx: Transaction, studyInstanceUID: string) =>
  tx.rows(`SELECT pg_advisory_xact_lock(${GATES}, hashtext($1))`, [studyInstanceUID], 'archive.close-study');

/** Keeps all stores from committing until the transaction ends: for the moment in which objects are removed. */
export const closeStore = (tx: Transaction) => tx.rows(`SELECT pg_advisory_xact_lock(${GATES}, 0)`, [], 'archive.close-store');
