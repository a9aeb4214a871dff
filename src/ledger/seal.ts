import { hash, randomUUID } from 'node:crypto';
import type { Sealed } from './ledger-event.js';

/** A UUID's text: 122 random bits. */
const SALT_BYTES = 36;

/** What is kept beside an event: the bytes, and the digest of them that the event's own text has. */
export interface Seal {
  readonly bytes: Buffer;
  /** SHA-256, 64 hex digits. */
  readonly digest: string;
}

/**
 * Seals what may name people. The chain must hold it, and a package of the chain must not say it: so the event has a digest of
 * it, salted, because who knows which names there are could try them all.
 */
export function seal(sealed: Sealed): Seal {
  const bytes = Buffer.from(randomUUID() + JSON.stringify(sealed));
  return { bytes, digest: digestOf(bytes) };
}

export const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** What was sealed; nothing where the bytes are none of ours. */
export function unsealed(bytes: Uint8Array | null): Sealed {
  if (bytes === null) return {};
  try {
    const said = JSON.parse(Buffer.from(bytes.subarray(SALT_BYTES)).toString()) as Readonly<Record<keyof Sealed, unknown>>;
    const { query, reason } = said;
    return { ...(typeof query === 'string' && { query }), ...(typeof reason === 'string' && { reason }) };
  } catch {
    return {};
  }
}
