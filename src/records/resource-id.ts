import { createHash } from 'node:crypto';

/** A FHIR id that follows from what the resource is about: the same key gives the same id on every run. UUID-shaped (RFC 9562 version 8). */
export function resourceId(type: string, ...key: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([type, ...key]))
    .digest();
  hash[6] = (hash[6] & 0x0f) | 0x80;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
