import { createPublicKey, verify } from 'node:crypto';
import type { JWK } from 'jose';
import type { Head } from './head.js';

/** A signed statement of what the ledger held when it had so many records: whoever has one can have any of them proven, and all of them missed. */
export interface Checkpoint {
  /** Number of its last record: the leaves of the tree. */
  readonly size: number;
  /** Root of the Merkle tree of the hashes of its links (RFC 9162 2.1.1), 32 bytes. */
  readonly root: Buffer;
  /** Hash of its last link, 32 bytes. */
  readonly head: Buffer;
  /** Which ledger it is of (originOf). */
  readonly origin: string;
  readonly signedAt: Date;
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string;
  /** Ed25519 (RFC 8032) of `checkpointText`, 64 bytes. */
  readonly signature: Buffer;
}

/** What of a checkpoint is signed, and by whom. */
export type SignedRoot = Pick<Checkpoint, 'origin' | 'size' | 'root' | 'kid' | 'signature'>;

/** The name of a ledger: nobody can make another whose first link has this hash. */
export const originOf = (firstHash: Uint8Array): string => ORIGIN + Buffer.from(firstHash).toString('hex');
const ORIGIN = 'wetread/';

/** What is signed: origin LF size LF base64(root) LF, as logs of the C2SP form have it (tlog-checkpoint). */
export const checkpointText = ({ origin, size, root }: Pick<Checkpoint, 'origin' | 'size' | 'root'>): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

/** What `checkpointText` wrote. Undefined: it is not, to the byte, that of a checkpoint. */
export function readCheckpoint(text: string): Pick<Checkpoint, 'origin' | 'size' | 'root'> | undefined {
  const [origin, size, root] = text.split('\n');
  const read = { origin, size: Number(size), root: Buffer.from(root ?? '', 'base64') };
  const isOne = Number.isSafeInteger(read.size) && read.size > 0 && read.root.length === 32 && checkpointText(read) === text;
  return isOne ? read : undefined;
}

/** As it leaves the server. */
export const signedCheckpoint = (one: SignedRoot) => ({
  checkpoint: checkpointText(one),
  kid: one.kid,
  signature: one.signature.toString('hex'),
});

/** Whether one of the keys has signed it. */
export function isSigned(checkpoint: SignedRoot, { keys }: { readonly keys: readonly JWK[] }): boolean {
  const text = Buffer.from(checkpointText(checkpoint));
  return keys.some((jwk) => jwk.kid === checkpoint.kid && verifies(jwk, text, checkpoint.signature));
}

function verifies(jwk: JWK, text: Buffer, signature: Buffer): boolean {
  try {
    return verify(null, text, createPublicKey({ key: { ...jwk }, format: 'jwk' }), signature);
  } catch {
    return false; // no key that can have signed it
  }
}

/** What it says of the chain's end. */
export const headOf = ({ size, head, origin, signedAt }: Checkpoint): Head => ({
  seq: size,
  hash: head.toString('hex'),
  ledger: origin.slice(ORIGIN.length),
  time: signedAt.toISOString(),
});
