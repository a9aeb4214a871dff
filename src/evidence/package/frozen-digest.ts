import { hash } from 'node:crypto';
import { canonicalForm } from './verify/canonical-form.js';

/**
 * A digest of rows that says nothing of them to who has not the salt: SHA-256 of the canonical text of `{of, salt}`, `of` the rows' canonical
 * texts in their order, so that the order in which they came makes no other digest. Hex.
 */
export const frozenDigest = (salt: string, rows: readonly object[]): string =>
  hash('sha256', canonicalForm({ of: rows.map((row) => canonicalForm(row)).sort(), salt }));
