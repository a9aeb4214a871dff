import { createHash } from 'node:crypto';
import { canonicalText } from '../../../signing/canonical.js';
import type { ManifestItem } from '../study-file.js';

/** A manifest's text: a line of canonical text (RFC 8785) a case, in its order. Its SHA-256 is the one that the protocol names. */
export function* manifestLines(items: readonly ManifestItem[]): Generator<string, void> {
  for (const item of items) yield `${canonicalText(item)}\n`;
}

/** Hex. */
export function manifestSha256(items: readonly ManifestItem[]): string {
  const hash = createHash('sha256');
  for (const line of manifestLines(items)) hash.update(line);
  return hash.digest('hex');
}
