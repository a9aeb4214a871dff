import type { JWK } from 'jose';
import type { Transaction } from '../database/transaction.js';

export const keepPublicKey = (tx: Transaction, kid: string, jwk: JWK): Promise<number> =>
  tx.run('INSERT INTO signing_key (kid, jwk, since) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING', [kid, JSON.stringify(jwk)]);

export const publicKeys = (tx: Transaction) => tx.rows<{ jwk: JWK }>('SELECT jwk FROM signing_key ORDER BY since, kid');
