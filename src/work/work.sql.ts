import type { Transaction } from '../database/transaction.js';

export interface ClaimedWork {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly attempt: number;
  /** Whose work it is; 0 where it is the server's own. */
  readonly tenant: number;
}

/** Enqueues inside the caller's transaction. The same subject of a kind waits once; asking again moves its due time. */
export const enqueueAll = (tx: Transaction, items: readonly { readonly kind: string; readonly subject: string }[], dueInSeconds = 0) =>
  tx.run(
    `INSERT INTO work (kind, subject, due_at)
     SELECT kind, subject, now() + make_interval(secs => $3) FROM unnest($1::text[], $2::text[]) AS w (kind, subject) ORDER BY kind, subject
         ON CONFLICT (kind, subject, tenant) WHERE state = 'waiting' DO UPDATE SET due_at = excluded.due_at, attempt = 0`,
    [items.map(({ kind }) => kind), items.map(({ subject }) => subject), dueInSeconds],
    'work.enqueue',
  );

/** The same for subjects of one kind. */
export const enqueueWork = (tx: Transaction, kind: string, subjects: readonly string[], dueInSeconds = 0) =>
  enqueueAll(
    tx,
    subjects.map((subject) => ({ kind, subject })),
    dueInSeconds,
  );

/** Enqueues, of subjects with keys, those whose key a query gives, and wakes the workers then: in one statement. `wanted`: SQL of the caller's own. */
export const enqueueWanted = (
  tx: Transaction,
  kind: string,
  items: readonly { readonly key: string; readonly subject: string }[],
  wanted: string,
) =>
  tx.run(
    `WITH item AS (SELECT key, subject FROM unnest($2::text[], $3::text[]) AS i (key, subject) WHERE key IN (${wanted})),
          waiting AS (INSERT INTO work (kind, subject, due_at) SELECT $1, subject, now() FROM item ORDER BY subject
                          ON CONFLICT (kind, subject, tenant) WHERE state = 'waiting' DO UPDATE SET due_at = excluded.due_at, attempt = 0 RETURNING 1)
     SELECT pg_notify('work', $1) FROM (SELECT FROM waiting LIMIT 1) AS any_waiting`,
    [kind, items.map(({ key }) => key), items.map(({ subject }) => subject)],
    `work.enqueue-wanted-${kind}`,
  );

/** Wakes the workers of a kind when the transaction commits. */
export const wakeWorkers = (tx: Transaction, kind: string) => tx.rows(`SELECT pg_notify('work', $1)`, [kind], 'work.wake');

/**
 * Takes up to `limit` due items, passing over those another worker holds and subjects that are being worked on.
 * A lease, not a lock: no transaction stays open while a model runs. As a plain subquery its LIMIT would hold for each row
 * that a nested loop looks at, so that all the work would be claimed at once.
 */
export const claimWork = (tx: Transaction, kind: string, worker: string, limit: number, leaseSeconds: number) =>
  tx.rows<ClaimedWork>(
    `WITH due AS MATERIALIZED (
       SELECT id FROM work w WHERE kind = $1 AND state = 'waiting' AND due_at <= now()
          AND NOT EXISTS (SELECT 1 FROM work r WHERE r.kind = w.kind AND r.subject = w.subject AND r.tenant = w.tenant AND r.state = 'running')
        ORDER BY priority DESC, due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     UPDATE work SET state = 'running', worker = $2, attempt = attempt + 1, lease_until = now() + make_interval(secs => $4)
      WHERE id IN (SELECT id FROM due)
  RETURNING id, kind, subject, attempt, tenant`,
    [kind, worker, limit, leaseSeconds],
    'work.claim',
  );

/** Milliseconds until the next waiting item of a kind is due; none where nothing waits. */
export const nextDue = async (tx: Transaction, kind: string): Promise<number | undefined> => {
  const [row] = await tx.rows<{ ms: number | null }>(
    `SELECT extract(epoch FROM min(due_at) - now())::float8 * 1000 AS ms FROM work WHERE kind = $1 AND state = 'waiting'`,
    [kind],
    'work.next-due',
  );
  return row?.ms ?? undefined;
};

/** Completes an item, fenced by worker and attempt. Answers false when the lease went to somebody else meanwhile. */
export const completeWork = async (tx: Transaction, item: ClaimedWork, worker: string): Promise<boolean> =>
  (await tx.run(
    `DELETE FROM work WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'`,
    [item.id, worker, item.attempt],
    'work.complete',
  )) === 1;

/** Renews the leases of all that a worker still holds. */
export const renewLeases = (tx: Transaction, worker: string, ids: readonly number[], leaseSeconds: number) =>
  tx.run(`UPDATE work SET lease_until = now() + make_interval(secs => $3) WHERE id = ANY($2) AND worker = $1 AND state = 'running'`, [
    worker,
    ids,
    leaseSeconds,
  ]);

/** Puts an item back to wait. Where the same subject was enqueued again meanwhile, that one stands for both. */
export const retryWork = (tx: Transaction, item: ClaimedWork, worker: string, fault: string, delaySeconds: number) =>
  tx.run(
    `WITH mine AS (SELECT id FROM work WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running' FOR UPDATE),
          twin AS (SELECT 1 FROM work WHERE kind = $6 AND subject = $7 AND tenant = $8 AND state = 'waiting'),
          gone AS (DELETE FROM work WHERE id IN (SELECT id FROM mine) AND EXISTS (SELECT 1 FROM twin))
     UPDATE work SET state = 'waiting', worker = NULL, lease_until = NULL, last_fault = $4,
                     due_at = now() + make_interval(secs => $5)
      WHERE id IN (SELECT id FROM mine) AND NOT EXISTS (SELECT 1 FROM twin)`,
    [item.id, worker, item.attempt, fault, delaySeconds, item.kind, item.subject, item.tenant],
  );

/** Gives an item up, visibly. */
export const buryWork = (tx: Transaction, item: ClaimedWork, worker: string, fault: string) =>
  tx.run(
    `UPDATE work SET state = 'dead', worker = NULL, lease_until = NULL, last_fault = $4
      WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'`,
    [item.id, worker, item.attempt, fault],
  );

/** Takes work back from workers that died: their lease ran out. Answers the kinds to wake. */
export const reapLeases = (tx: Transaction) =>
  tx.rows<{ kind: string }>(
    `WITH lost AS (SELECT id, kind, subject, tenant FROM work WHERE state = 'running' AND lease_until < now() FOR UPDATE SKIP LOCKED),
          twin AS (DELETE FROM work WHERE id IN (SELECT lost.id FROM lost JOIN work w
                      ON w.kind = lost.kind AND w.subject = lost.subject AND w.tenant = lost.tenant AND w.state = 'waiting') RETURNING id)
     UPDATE work SET state = 'waiting', worker = NULL, lease_until = NULL, last_fault = 'lease-lost'
      WHERE id IN (SELECT id FROM lost) AND id NOT IN (SELECT id FROM twin)
  RETURNING kind`,
  );

/** Frees all leases: only for a database that one server uses alone, right after its start. A killed server is no
 *  fault of the item's, so the attempt does not count. */
export const freeLeases = (tx: Transaction) =>
  tx.run(`UPDATE work SET lease_until = now() - interval '1 s', attempt = greatest(0, attempt - 1) WHERE state = 'running'`);

/** How many items of each kind are in each state. */
export const countWork = (tx: Transaction) =>
  tx.rows<{ kind: string; state: string; count: number }>(
    `SELECT kind, state, count(*)::int AS count FROM work GROUP BY kind, state ORDER BY kind, state`,
  );
