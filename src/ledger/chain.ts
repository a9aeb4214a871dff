import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

const LABEL = Buffer.from('wetread-audit-v1\0', 'latin1');

/** hash_0: the chain's beginning. */
export const CHAIN_START = Buffer.alloc(32);

/** Canonical JSON (RFC 8785) of an event, as text. Throws on what JSON cannot hold. */
export function canonicalEvent(event: unknown): string {
  const text = canonicalize(event);
  if (text === undefined) throw new TypeError('An event must be a JSON value.');
  return text;
}

/** hash_n = SHA-256("wetread-audit-v1" 0x00 || hash_(n−1) || SHA-256(JCS(event_n))): 32 bytes. */
export function chainHash(previous: Uint8Array, event: unknown): Buffer {
  const content = createHash('sha256').update(canonicalEvent(event), 'utf8').digest();
  return createHash('sha256').update(LABEL).update(previous).update(content).digest();
}
