import type { Transaction } from '../database/transaction.js';
import type { KeptCaller } from '../access/kept-caller.js';
import type { SubscriptionForm } from './subscription-form.js';

/** Told on commit with a subscription's id: it has a new event. */
export const SUBSCRIPTION_EVENT = 'subscription_event';

/** Events that are kept of a subscription; older ones can't be asked for again. */
const MOST_KEPT = 10_000;

export interface StateRow {
  readonly tenant: number;
  readonly id: string;
  readonly status: 'active' | 'error';
  readonly topic: string;
  readonly form: SubscriptionForm;
  readonly digest: string;
  readonly endsAt: Date | null;
  readonly events: number;
  readonly delivered: number;
  readonly lastSent: Date | null;
  readonly failures: number;
  readonly retryAt: Date | null;
}

export interface EventRow {
  readonly number: number;
  readonly occurred: Date;
  readonly focus: string;
  readonly version: number;
}

const COLUMNS =
  'tenant, id, status, topic, form, digest, ends_at AS "endsAt", events, delivered, last_sent AS "lastSent", failures, retry_at AS "retryAt"';

export const stateOf = async (tx: Transaction, id: string): Promise<StateRow | undefined> =>
  (await tx.rows<StateRow & Record<string, unknown>>(`SELECT ${COLUMNS} FROM subscription WHERE id = $1`, [id], 'delivery.state'))[0];

/** Who hears of a topic; of those that could not be reached the events are counted all the same. */
export const heardBy = (tx: Transaction, topic: string) =>
  tx.rows<StateRow & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM subscription WHERE topic = $1 AND (ends_at IS NULL OR ends_at > now()) ORDER BY id`,
    [topic],
    'delivery.heard-by',
  );

/**
 * A subscription is active, from its first event or from where it was; what happened under another topic or channel is not told
 * under this one.
 */
export const activate = (tx: Transaction, id: string, form: SubscriptionForm, digest: string): Promise<number> =>
  tx.run(
    `INSERT INTO subscription (id, status, topic, form, digest, since, ends_at, events, delivered, last_sent, failures)
     VALUES ($1, 'active', $2, $3, $4, now(), $5, 0, 0, now(), 0)
         ON CONFLICT (id, tenant) DO UPDATE SET status = 'active', topic = excluded.topic, form = excluded.form, digest = excluded.digest,
              ends_at = excluded.ends_at, last_sent = now(), failures = 0, retry_at = NULL,
              delivered = CASE WHEN subscription.topic = excluded.topic AND subscription.form ->> 'channel' = excluded.form ->> 'channel'
                               THEN subscription.delivered ELSE subscription.events END`,
    [id, form.topic, JSON.stringify(form), digest, form.end ?? null],
  );

/** Nothing is sent to it until it is asked for again; what happens meanwhile is counted. */
export const suspend = (tx: Transaction, id: string): Promise<number> =>
  tx.run(`UPDATE subscription SET status = 'error' WHERE id = $1`, [id], 'delivery.suspend');

/** It is off or gone: nothing of it is kept but the resource. Its row's lock comes first, so that no event is added meanwhile. */
export async function forget(tx: Transaction, id: string): Promise<void> {
  await tx.rows('SELECT FROM subscription WHERE id = $1 FOR UPDATE', [id]);
  await tx.run('DELETE FROM subscription_event WHERE subscription_id = $1', [id]);
  await tx.run('DELETE FROM subscription_token WHERE subscription_id = $1', [id]);
  await tx.run('DELETE FROM subscription WHERE id = $1', [id]);
}

/** Numbers an event for a subscription; the row's lock makes the numbers gapless. */
export const addEvent = (tx: Transaction, id: string, focus: string, version: number, occurred: Date) =>
  tx.rows(
    `WITH counted AS (UPDATE subscription SET events = events + 1 WHERE id = $1 RETURNING id, events),
          old AS (DELETE FROM subscription_event e USING counted c WHERE e.subscription_id = c.id AND e.number <= c.events - ${MOST_KEPT}),
          added AS (INSERT INTO subscription_event (subscription_id, number, occurred, focus, version)
                    SELECT id, events, $4, $2, $3 FROM counted RETURNING subscription_id)
     SELECT pg_notify('${SUBSCRIPTION_EVENT}', subscription_id) FROM added`,
    [id, focus, version, occurred],
    'delivery.add-event',
  );

/** Events of a subscription after one number, up to another, the oldest first. */
export const eventsBetween = (tx: Transaction, id: string, after: number, until: number, most: number) =>
  tx.rows<EventRow & Record<string, unknown>>(
    `SELECT number, occurred, focus, version FROM subscription_event WHERE subscription_id = $1 AND number > $2 AND number <= $3 ORDER BY number LIMIT $4`,
    [id, after, until, most],
    'delivery.events',
  );

/** It was told of the events up to a number, or that there are none. */
export const markSent = (tx: Transaction, id: string, delivered: number) =>
  tx.run(
    `UPDATE subscription SET delivered = greatest(delivered, $2), last_sent = now(), failures = 0, retry_at = NULL WHERE id = $1`,
    [id, delivered],
    'delivery.sent',
  );

/** A try failed; the next is due after some seconds. */
export const markFailed = (tx: Transaction, id: string, seconds: number) =>
  tx.run(
    `UPDATE subscription SET failures = failures + 1, retry_at = now() + make_interval(secs => $2) WHERE id = $1`,
    [id, seconds],
    'delivery.failed',
  );

export const keepToken = (
  tx: Transaction,
  sha256: string,
  { id, expires, listener }: { id: string; expires: Date; listener: KeptCaller },
) =>
  tx.run(
    `WITH old AS (DELETE FROM subscription_token WHERE expires < now())
     INSERT INTO subscription_token (token_sha256, subscription_id, expires, listener) VALUES ($1, $2, $3, $4)`,
    [sha256, id, expires, JSON.stringify(listener)],
  );

/** What a token binds to, and who got it; it does so once. */
export const takeToken = async (
  tx: Transaction,
  sha256: string,
): Promise<{ tenant: number; id: string; listener: KeptCaller } | undefined> =>
  (
    await tx.rows<{ tenant: number; id: string; listener: KeptCaller }>(
      'DELETE FROM subscription_token WHERE token_sha256 = $1 AND expires > now() RETURNING tenant, subscription_id AS id, listener',
      [sha256],
    )
  )[0];
