import type { Transaction } from '../../database/transaction.js';
import type { Look } from '../../ledger/access-log.js';
import { RecordAbsent, RecordGone } from '../faults.js';
import { patientsAmong } from '../patients-among.js';
import { historyAsked, historyLook } from '../history.js';
import { parseSearch, type ParsedSearch, type SearchRequest } from '../search/parse-search.js';
import { findPage, type FoundPage } from '../search/record-search.js';
import { sought } from '../search/sought.js';
import { storedCodes } from '../search/value-sets.js';
import { subsetAsked, type Subset } from '../subset.js';
import type { HistoryAsked, HistoryRow } from '../store/history.sql.js';
import { versionOpenTo, versionsOpenTo } from '../open-versions.js';
import type { VersionRow } from '../store/versions.sql.js';
import type { BundleContext, EntryRequest, Reading } from './entry.js';

type Pairs = NonNullable<EntryRequest['query']>;

/** What a reading entry gives, and how it is put on record. */
export type EntryRead = (
  | { readonly row: VersionRow; readonly subset: Subset | undefined }
  | { readonly found: FoundPage; readonly parsed: ParsedSearch; readonly of: Omit<SearchRequest, 'lenient'> }
  | { readonly versions: readonly HistoryRow[]; readonly total: number | undefined; readonly asked: HistoryAsked; readonly used: Pairs }
) & {
  /** Versions are found as they are where they are asked for by themselves. */
  readonly look: Pick<Look, 'entity' | 'details' | 'patients' | 'query'> & { readonly what: 'bundle' | 'history' | 'version' };
};

/** Reads or searches in the transaction that the Bundle is done in. @throws RecordAbsent, RecordGone, BadSearchParameter */
export async function readEntry(tx: Transaction, reading: Reading, query: Pairs = [], context: BundleContext): Promise<EntryRead> {
  switch (reading.kind) {
    case 'search':
      return search(tx, reading, query, context);
    case 'history': {
      const { asked, used } = historyAsked(query, reading);
      const { rows, total } = await versionsOpenTo(tx, context.caller, asked);
      return { versions: rows, total, asked, used, look: { what: 'history', ...historyLook(asked, rows) } };
    }
    case 'resource': {
      const { type, id, version } = reading;
      const subset = subsetAsked(query);
      const row = await versionOpenTo(tx, context.caller, { type, id, version });
      if (row === undefined) throw new RecordAbsent(type);
      if (row.deleted) throw new RecordGone(type, row.version);
      const what = version === undefined ? 'bundle' : 'version';
      return { row, subset, look: { what, entity: { type, id }, details: { version: row.version }, patients: row.patients ?? [] } };
    }
  }
}

async function search(
  tx: Transaction,
  { type, compartment }: Extract<Reading, { kind: 'search' }>,
  parameters: Pairs,
  { caller, base, now, lenient }: BundleContext,
): Promise<EntryRead> {
  const of = { type, parameters, ...(compartment && { compartment }) };
  const parsed = parseSearch({ ...of, lenient }, { base, now, valueSets: await storedCodes(tx, parameters) });
  const found = await findPage(tx, caller, parsed.search);
  const { types } = parsed.search;
  const details = { parameters: [...new Set(parsed.used.map(([name]) => name))], matches: found.matches.length };
  const entity = { type: types.length === 1 ? types[0] : 'Resource', id: 'search' };
  const patients = [...patientsAmong(found.matches, found.included), ...(found.counted ?? [])];
  return { found, parsed, of, look: { what: 'bundle', entity, details, patients, query: sought(of, parsed.used).query } };
}
