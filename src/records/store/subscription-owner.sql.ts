import type { KeptCaller } from '../../access/kept-caller.js';
import type { Transaction } from '../../database/transaction.js';

/** What is kept beside a Subscription. */
export interface KeptBeside {
  readonly id: string;
  readonly owner: KeptCaller | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of Subscriptions, by their ids, what is kept beside them. */
export const keptBeside = (tx: Transaction, ids: readonly string[]): Promise<KeptBeside[]> =>
  tx.rows<KeptBeside & Record<string, unknown>>(
    'SELECT id, owner, headers FROM subscription_owner WHERE id = ANY($1::text[])',
    [ids],
    'records.subscription-owners',
  );

export const keepBeside = (tx: Transaction, { id, owner, headers }: KeptBeside): Promise<number> =>
  tx.run(
    `INSERT INTO subscription_owner (id, owner, headers) VALUES ($1, $2, $3)
         ON CONFLICT (id, tenant) DO UPDATE SET owner = excluded.owner, headers = excluded.headers`,
    [id, owner === null ? null : JSON.stringify(owner), JSON.stringify(headers)],
    'records.keep-subscription-owner',
  );

export const forgetBeside = (tx: Transaction, id: string): Promise<number> =>
  tx.run('DELETE FROM subscription_owner WHERE id = $1', [id], 'records.forget-subscription-owner');
