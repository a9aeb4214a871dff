import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { randomBytes } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { by } from '../ledger/ledger-event.js';
import { onRecord } from './on-record.js';
import { addKey, currentKeys, dropOldKeys, lockKeys, type KeyRow } from './issuer-keys.sql.js';

/** Access tokens; ID tokens (OpenID Connect Core 15.1 asks for RS256 of everybody); cookies. */
export const ACCESS_TOKEN_ALG = 'ES256';
export const ID_TOKEN_ALG = 'RS256';
const COOKIE_ALG = 'HS256';
const ALGS = [ACCESS_TOKEN_ALG, ID_TOKEN_ALG, COOKIE_ALG] as const;

/** Where keys are as of now; another server may have replaced them. */
const FRESH_MS = 30_000;

export interface IssuerKeySet {
  /** Changes where a key does. */
  readonly version: string;
  /** With private parts; the first of each kind signs. */
  readonly signing: readonly JWK[];
  readonly cookies: readonly string[];
}

/** The keys of the issuer: made when they are first needed, in the database, so that every server of it signs with the same. */
export class IssuerKeys {
  private known: { readonly keys: IssuerKeySet; readonly readAt: number } | undefined;
  private reading: Promise<IssuerKeySet> | undefined;

  constructor(private readonly database: Database) {}

  async current(): Promise<IssuerKeySet> {
    if (this.known !== undefined && performance.now() - this.known.readAt < FRESH_MS) return this.known.keys;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** Those that a token of this issuer may be signed with, also ones that were replaced while their tokens are good. */
  async publicKeys(): Promise<JSONWebKeySet> {
    const { signing } = await this.current();
    return { keys: signing.map(publicPart) };
  }

  /** Makes new keys, which sign when every server knows them; the old ones stay known until what they signed has expired. */
  async rotate(caller: Caller): Promise<void> {
    requireOperation(caller, 'accounts.manage');
    const made = await Promise.all(ALGS.map(newKey));
    await this.database.transaction(async (tx) => {
      await lockKeys(tx);
      for (const key of made) await addKey(tx, key);
      await dropOldKeys(tx);
      const changes = { kids: made.map(({ kid }) => kid) };
      const entity = { type: 'Issuer', id: 'keys' };
      await onRecord(tx, { ...by(caller), tenant: caller.tenant, action: 'issuer-keys.replaced', entity, changes });
    });
    this.known = undefined;
  }

  private async read(): Promise<IssuerKeySet> {
    const rows = await this.database.statement(currentKeys);
    const missing = ALGS.filter((alg) => !rows.some((row) => row.alg === alg));
    const keys = keySetOf(missing.length === 0 ? rows : await this.make(missing));
    this.known = { keys, readAt: performance.now() };
    return keys;
  }

  /** Of two servers that start at once one makes them. */
  private async make(missing: readonly (typeof ALGS)[number][]): Promise<KeyRow[]> {
    const made = await Promise.all(missing.map(newKey));
    return this.database.transaction(async (tx: Transaction) => {
      await lockKeys(tx);
      const there = await currentKeys(tx);
      for (const key of made) if (!there.some(({ alg }) => alg === key.alg)) await addKey(tx, key);
      return currentKeys(tx);
    });
  }
}

const keySetOf = (rows: readonly KeyRow[]): IssuerKeySet => ({
  version: rows.map(({ kid }) => kid).join(' '),
  signing: rows.filter(({ alg }) => alg !== COOKIE_ALG).map(({ jwk }) => jwk),
  cookies: rows.filter(({ alg }) => alg === COOKIE_ALG).map(({ jwk }) => jwk.k ?? ''),
});

async function newKey(alg: (typeof ALGS)[number]): Promise<KeyRow> {
  const jwk =
    alg === COOKIE_ALG
      ? { kty: 'oct', k: randomBytes(32).toString('base64url') }
      : await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, alg, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

const publicPart = ({ kty, crv, x, y, n, e, kid, alg, use }: JWK): JWK =>
  Object.fromEntries(Object.entries({ kty, crv, x, y, n, e, kid, alg, use }).filter(([, value]) => value !== undefined));
