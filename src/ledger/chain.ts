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

/**
 * The members of a record's text as the chain takes them. One that is no JSON object, as only a statement that is none of the server's
 * can leave it, is taken for what it is: it must have its place and be named, and hold nobody up.
 */
export function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : { changed: text };
  } catch {
    return { changed: text };
  }
}

/** The hash of a record by its number and text; of any text, those without a canonical form (a number beyond all numbers) too. */
export function recordHash(previous: Uint8Array, seq: number, text: string): Buffer {
  try {
    return chainHash(previous, { seq, ...membersOf(text) });
  } catch {
    return chainHash(previous, { seq, changed: text });
  }
}

/** hash_n = SHA-256("wetread-audit-v1" 0x00 || hash_(n−1) || SHA-256(JCS(event_n))): 32 bytes. */
export function chainHash(previous: Uint8Array, event: unknown): Buffer {
  const content = createHash('sha256').update(canonicalEvent(event), 'utf8').digest();
  return createHash('sha256').update(LABEL).update(previous).update(content).digest();
}
