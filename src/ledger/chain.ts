import canonicalize from 'canonicalize';
import { numbered } from './canonical-text.js';
import { linkHash } from './link-hash.js';

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
  return linkHash(previous, numberedEvent(text, seq));
}

/** The canonical text that is hashed of a record: with its number. */
export const numberedEvent = (text: string, seq: number): string => numbered(text, seq) ?? theLongWay(text, seq);

function theLongWay(text: string, seq: number): string {
  try {
    return canonicalEvent({ seq, ...membersOf(text) });
  } catch {
    return canonicalEvent({ seq, changed: text });
  }
}

/** The hash of an event that has its number (linkHash). */
export const chainHash = (previous: Uint8Array, event: unknown): Buffer => linkHash(previous, canonicalEvent(event));
