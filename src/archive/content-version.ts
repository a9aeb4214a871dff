import type { StoredInstanceRow } from './retrieve.sql.js';

/**
 * What changes whenever an instance's bytes, as they are given now, do: for keys of caches and for entity tags. As received the
 * bytes are what their hash says; a changed instance is told by its row, which no other ever has: one that is deleted and
 * stored again counts its revisions from 0.
 */
export const contentVersion = ({ id, sha256, revision }: Pick<StoredInstanceRow, 'id' | 'sha256' | 'revision'>): string =>
  revision === 0 ? sha256.slice(0, 32) : `${sha256.slice(0, 16)}-${id}-${revision}`;
