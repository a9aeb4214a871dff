import { createHash } from 'node:crypto';

/** A UID below 2.25 (PS3.5 B.2) that follows from what it names: the same key gives the same UID on every run. */
export function derivedUid(...key: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`).toString()}`;
}
