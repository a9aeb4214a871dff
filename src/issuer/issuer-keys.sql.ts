import type { JWK } from 'jose';
import type { Transaction } from '../database/transaction.js';

export interface KeyRow {
  readonly kid: string;
  readonly alg: string;
  readonly jwk: JWK;
}

/** Any constant of our own. */
const KEYS_LOCK = 7_337_123;

/** Nobody else makes keys until this transaction ends. */
export const lockKeys = (tx: Transaction): Promise<number> => tx.run('SELECT pg_advisory_xact_lock($1)', [KEYS_LOCK]);

/** Those to sign with first: the newest of each kind, once every server of this database has had the time to know of it. */
export const currentKeys = (tx: Transaction): Promise<KeyRow[]> =>
  tx.rows<KeyRow & Record<string, unknown>>(
    `SELECT kid, alg, jwk FROM issuer_key ORDER BY since > now() - interval '1 minute', since DESC, kid`,
  );

export const addKey = (tx: Transaction, { kid, alg, jwk }: KeyRow): Promise<number> =>
  tx.run('INSERT INTO issuer_key (kid, alg, jwk, since) VALUES ($1, $2, $3, clock_timestamp())', [kid, alg, JSON.stringify(jwk)]);

/** Those that a newer one replaced a day ago have signed nothing that is still good. */
export const dropOldKeys = (tx: Transaction): Promise<number> =>
  tx.run(
    `DELETE FROM issuer_key AS old WHERE EXISTS (
       SELECT FROM issuer_key AS newer WHERE newer.alg = old.alg AND newer.since > old.since AND newer.since < now() - interval '1 day')`,
  );
