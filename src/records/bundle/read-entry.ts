import type { Transaction } from '../../database/transaction.js';
import type { Look } from '../../ledger/access-log.js';
import { RecordAbsent, RecordGone } from '../faults.js';
import { parseSearch, type ParsedSearch } from '../search/parse-search.js';
import { findPage, type FoundPage } from '../search/record-search.js';
import { subsetAsked, type Subset } from '../subset.js';
import { currentVersion, oneVersion, type VersionRow } from '../store/versions.sql.js';
import type { BundleContext, EntryRequest } from './entry.js';

/** What a reading entry gives, and how it is put on record. */
export type EntryRead = (
  { readonly row: VersionRow; readonly subset: Subset | undefined } | { readonly found: FoundPage; readonly parsed: ParsedSearch }
) & {
  readonly look: Pick<Look, 'entity' | 'details'>;
};

/** Reads or searches in the transaction that the Bundle is done in. @throws RecordAbsent, RecordGone, BadSearchParameter */
export async function readEntry(
  tx: Transaction,
  { type, id, version, query }: EntryRequest,
  { base, now }: BundleContext,
): Promise<EntryRead> {
  if (id === undefined) {
    const parsed = parseSearch({ type, parameters: query ?? [], lenient: false }, { base, now });
    const found = await findPage(tx, parsed.search);
    const parameters = [...new Set(parsed.used.map(([name]) => name))];
    return { found, parsed, look: { entity: { type, id: 'search' }, details: { parameters, matches: found.matches.length } } };
  }
  const subset = subsetAsked(query ?? []);
  const row = await (version === undefined ? currentVersion(tx, type, id) : oneVersion(tx, type, id, version));
  if (row === undefined) throw new RecordAbsent(type);
  if (row.deleted) throw new RecordGone(type, row.version);
  return { row, subset, look: { entity: { type, id }, details: { version: row.version } } };
}
