import { hash } from 'node:crypto';

const LABEL = Buffer.from('wetread-audit-v1\0', 'latin1');

/** hash_0: the chain's beginning. */
export const CHAIN_START = Buffer.alloc(32);

/** label || hash before || SHA-256 of the event */
const linked = Buffer.concat([LABEL, CHAIN_START, CHAIN_START]);

/**
 * hash_n = SHA-256("wetread-audit-v1" 0x00 || hash_(n−1) || SHA-256(JCS(event_n))): 32 bytes, and the data of a leaf of the ledger's tree.
 * @param canonical  text (RFC 8785) of the event, with its number
 */
export function linkHash(previous: Uint8Array, canonical: string | Uint8Array): Buffer {
  linked.set(previous, LABEL.length);
  linked.set(hash('sha256', canonical, 'buffer'), LABEL.length + CHAIN_START.length);
  return hash('sha256', linked, 'buffer');
}
