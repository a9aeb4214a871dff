import type { JsonWebKey } from 'node:crypto';
import type { Bag } from './bag.js';
import type { Findings } from './findings.js';

/** What is held against the package from elsewhere. */
export interface Held {
  /** Public keys (JWKS). Undefined: those that the package itself names. */
  readonly keys?: readonly JsonWebKey[];
  /** A checkpoint of the ledger, as it was signed: three lines. */
  readonly checkpoint?: string;
}

/** Checks what files say whose bytes were checked before. It says in `findings.checked` what it checked, where it did. */
export type ContentCheck = (bag: Bag, held: Held, findings: Findings) => Promise<void>;
