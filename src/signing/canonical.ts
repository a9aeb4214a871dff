import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

/**
 * The one text of a JSON value (RFC 8785; FHIR's canonical form too, R4 json.html#canonical: members in order, no blanks between).
 * @param value  what JSON.parse gives
 */
export const canonicalText = (value: object): string => canonicalize(value) as string; // undefined for undefined alone

/** SHA-256 of the canonical text, 64 hex digits. */
export const canonicalSha256 = (value: object): string => createHash('sha256').update(canonicalText(value)).digest('hex');
