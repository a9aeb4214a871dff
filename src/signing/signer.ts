import { calculateJwkThumbprint, CompactSign, exportJWK, type JSONWebKeySet, type JWK } from 'jose';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../database/database.js';
import { canonicalText } from './canonical.js';
import { keepPublicKey, publicKeys } from './signing.sql.js';

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/**
 * Signs for this server with its own Ed25519 key (RFC 8037), which is made when it is first needed and lies in the data folder,
 * readable by the server alone. Its public half is in the database before the first signature is given away.
 */
export class Signer {
  private key: Promise<Key> | undefined;
  private readonly database: Database;

  /** @param folder  of the private key; the public keys are the server's own, so that no tenant's connection may touch them */
  constructor(
    private readonly folder: string,
    database: Database,
  ) {
    this.database = database.forServer();
  }

  /** A JWS (RFC 7515 3.1, compact) whose payload is a value's canonical text. */
  async sign(value: object): Promise<string> {
    const { kid, privateKey } = await this.ready();
    return new CompactSign(Buffer.from(canonicalText(value))).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey);
  }

  /** The same with the payload left out (RFC 7515 appendix F): who checks it has what was signed. */
  async signDetached(value: object): Promise<string> {
    const [header, , signature] = (await this.sign(value)).split('.');
    return `${header}..${signature}`;
  }

  /** Ed25519 (RFC 8032) of bytes, 64 bytes, and the thumbprint of the key (RFC 7638). */
  async signBytes(bytes: Uint8Array): Promise<{ kid: string; signature: Buffer }> {
    const { kid, privateKey } = await this.ready();
    return { kid, signature: sign(null, bytes, privateKey) };
  }

  /** The public keys of all that was ever signed by servers of this database (RFC 7517 5). */
  async publicKeys(): Promise<JSONWebKeySet> {
    const rows = await this.database.statement(publicKeys);
    return { keys: rows.map(({ jwk }) => jwk) };
  }

  /** Makes the key where there is none: whoever signs within a transaction asks for it before. */
  async prepare(): Promise<void> {
    await this.ready();
  }

  private ready(): Promise<Key> {
    this.key ??= this.load().catch((error: unknown) => {
      this.key = undefined; // the next signature tries again
      throw error;
    });
    return this.key;
  }

  private async load(): Promise<Key> {
    const privateKey = createPrivateKey(keptOrNew(this.folder));
    const jwk = await publicJwk(privateKey);
    await this.database.transaction((tx) => keepPublicKey(tx, jwk.kid, jwk));
    return { kid: jwk.kid, privateKey };
  }
}

/**
 * The public keys that the server of a data folder may have signed with: that of its own key, whatever the database says of it, and
 * those of the database, as its key may have been replaced.
 */
export async function keysOfServer(folder: string, database: Database): Promise<JSONWebKeySet> {
  const pem = textOf(join(folder, FILE));
  const own = pem === undefined ? [] : [await publicJwk(createPrivateKey(pem))];
  const all = (await database.statement(publicKeys)).map(({ jwk }) => jwk);
  return { keys: [...own, ...all.filter(({ kid }) => kid !== own[0]?.kid)] };
}

async function publicJwk(privateKey: KeyObject): Promise<JWK & { readonly kid: string }> {
  const { kty, crv, x } = await exportJWK(createPublicKey(privateKey));
  return { kty, crv, x, kid: await calculateJwkThumbprint({ kty, crv, x }), alg: 'EdDSA', use: 'sig' };
}

const FILE = 'signing-key.pem';

/** The key's PEM text. It is there whole or not at all: written beside its place, on stable storage, then moved there. */
function keptOrNew(folder: string): string {
  const path = join(folder, FILE);
  const kept = textOf(path);
  if (kept !== undefined) return kept;
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const draft = `${path}.new`;
  rmSync(draft, { force: true }); // of a server that was killed here
  writeFileSync(draft, made, { mode: 0o600, flush: true });
  renameSync(draft, path);
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
  return made;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
