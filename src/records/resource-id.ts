import { hash } from 'node:crypto';

/** A FHIR id that follows from what the resource is about: the same key gives the same id on every run. UUID-shaped (RFC 9562 version 8). */
export function resourceId(type: string, ...key: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify([type, ...key]), 'buffer');
  digest[6] = (digest[6] & 0x0f) | 0x80;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
