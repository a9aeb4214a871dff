import type { Transaction } from '../database/transaction.js';
import type { WorkitemKey } from './workitem-keys.js';
import { conditionsOf } from './workitems.sql.js';

/** A server hears of a new event report by its id on this channel. */
export const WORKITEM_EVENT = 'workitem_event';

export const upsertSubscription = (
  tx: Transaction,
  subscriber: string,
  workitemUID: string,
  deletionLock: boolean,
  filter: readonly WorkitemKey[] | undefined,
) =>
  tx.run(
    `INSERT INTO workitem_subscription (subscriber, workitem_uid, deletion_lock, filter) VALUES ($1, $2, $3, $4::jsonb)
     ON CONFLICT (subscriber, workitem_uid, tenant) DO UPDATE SET deletion_lock = $3, filter = $4::jsonb`,
    [subscriber, workitemUID, deletionLock, filter === undefined ? null : JSON.stringify(filter)],
    'worklist.subscribe',
  );

/** Subscribes to every workitem there is that matches. */
export async function subscribeToAll(
  tx: Transaction,
  subscriber: string,
  deletionLock: boolean,
  keys: readonly WorkitemKey[],
): Promise<void> {
  const values: unknown[] = [subscriber, deletionLock];
  const conditions = conditionsOf(keys, (value) => `$${values.push(value)}`);
  await tx.run(
    `INSERT INTO workitem_subscription (subscriber, workitem_uid, deletion_lock) SELECT $1, workitem_uid, $2 FROM workitem ${conditions}
     ON CONFLICT (subscriber, workitem_uid, tenant) DO UPDATE SET deletion_lock = $2`,
    values,
  );
}

/** Answers how many there were. */
export const deleteSubscriptions = (tx: Transaction, subscriber: string, workitemUIDs: readonly string[] | 'all') =>
  workitemUIDs === 'all'
    ? tx.run(`DELETE FROM workitem_subscription WHERE subscriber = $1`, [subscriber])
    : tx.run(`DELETE FROM workitem_subscription WHERE subscriber = $1 AND workitem_uid = ANY($2::text[])`, [subscriber, workitemUIDs]);

export const subscribersOf = async (tx: Transaction, workitemUID: string): Promise<string[]> =>
  (
    await tx.rows<{ subscriber: string }>(
      `SELECT subscriber FROM workitem_subscription WHERE workitem_uid = $1 ORDER BY subscriber`,
      [workitemUID],
      'worklist.subscribers',
    )
  ).map(({ subscriber }) => subscriber);

/** Global subscriptions, by their well-known UIDs. */
export const globalSubscriptions = (tx: Transaction, wellKnownUIDs: readonly string[]) =>
  tx.rows<{ subscriber: string; deletionLock: boolean; filter: WorkitemKey[] | null }>(
    `SELECT subscriber, deletion_lock AS "deletionLock", filter FROM workitem_subscription WHERE workitem_uid = ANY($1::text[])`,
    [wellKnownUIDs],
    'worklist.global',
  );

/** True where the workitem matches every key of a filter. */
export async function matchesFilter(tx: Transaction, workitemRow: number, keys: readonly WorkitemKey[]): Promise<boolean> {
  const values: unknown[] = [];
  const conditions = conditionsOf(keys, (value) => `$${values.push(value)}`);
  const one = `$${values.push(workitemRow)}`;
  return (await tx.rows(`SELECT 1 FROM workitem ${conditions === '' ? 'WHERE' : `${conditions} AND`} id = ${one}`, values)).length === 1;
}

/** Writes a report for each subscriber and wakes the servers; reports of an hour ago are gone, for nobody waits for them (CC.2.4.3). */
export const tellSubscribers = async (tx: Transaction, subscribers: readonly string[], reports: readonly string[]): Promise<void> => {
  if (subscribers.length === 0 || reports.length === 0) return;
  await tx.run(
    `DELETE FROM workitem_event WHERE id IN
       (SELECT id FROM workitem_event WHERE told_at < now() - interval '1 hour' LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
    [],
    'worklist.forget',
  );
  await tx.run(
    `WITH told AS (INSERT INTO workitem_event (subscriber, report)
                   SELECT s.subscriber, r.report FROM unnest($2::text[]) WITH ORDINALITY AS r (report, n) CROSS JOIN unnest($1::text[]) AS s (subscriber)
                    ORDER BY r.n RETURNING id)
     SELECT pg_notify('${WORKITEM_EVENT}', id::text) FROM told ORDER BY id`,
    [subscribers, reports],
    'worklist.tell',
  );
};

/** A report for a subscriber of a tenant; DICOM JSON. */
export interface EventReport {
  readonly tenant: number;
  readonly subscriber: string;
  readonly report: string;
}

export const eventOf = async (tx: Transaction, id: number): Promise<EventReport | undefined> =>
  (
    await tx.rows<EventReport & Record<string, unknown>>(
      `SELECT tenant, subscriber, report FROM workitem_event WHERE id = $1`,
      [id],
      'worklist.event',
    )
  )[0];
