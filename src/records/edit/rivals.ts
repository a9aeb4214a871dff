import type { Transaction } from '../../database/transaction.js';
import { searchParameters } from '../search/search-parameters.js';
import type { NewVersion } from '../store/write.sql.js';

/** Canonicals that only this server defines. */
const OWN_CANONICAL = /^urn:wetread:/;
const STUDY_UID = { system: 'urn:dicom:uid', parameter: searchParameters('ImagingStudy').get('identifier')?.numbers.own ?? 0 };

/**
 * The places, in what clients write, of rivals to the server's own truth under another id: an ImagingStudy by the Study Instance UID
 * of a study that the archive has, a definition by a canonical of this server's. Whoever asks for these finds one.
 */
export async function rivalsAmong(tx: Transaction, writes: readonly (NewVersion | undefined)[]): Promise<ReadonlySet<number>> {
  const rivals = new Set<number>();
  const studies = new Map<string, number>();
  for (const [i, write] of writes.entries()) {
    if (write === undefined || write.deleted) continue;
    const url = urlOf(write.type);
    if (url !== undefined && write.rows.tokens.some(({ parameter, value }) => parameter === url && OWN_CANONICAL.test(value)))
      rivals.add(i);
    if (write.type !== 'ImagingStudy') continue;
    for (const { parameter, system, value } of write.rows.tokens)
      if (parameter === STUDY_UID.parameter && system === STUDY_UID.system) studies.set(value, i);
  }
  if (studies.size === 0) return rivals;
  const owned = await tx.rows<{ value: string }>(
    `SELECT DISTINCT t.value FROM search_token t JOIN resource r ON r.no = t.resource AND r.owned AND NOT r.deleted
      WHERE t.parameter = $1::int AND t.value = ANY($2::text[]) AND t.system = $3::text`,
    [STUDY_UID.parameter, [...studies.keys()], STUDY_UID.system],
    'records.rivals',
  );
  for (const { value } of owned) rivals.add(studies.get(value) as number);
  return rivals;
}

const urlOf = (type: string): number | undefined => searchParameters(type).get('url')?.numbers.own;
