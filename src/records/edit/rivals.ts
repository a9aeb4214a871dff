import type { Transaction } from '../../database/transaction.js';
import { searchParameters } from '../search/search-parameters.js';
import type { NewVersion } from '../store/write.sql.js';

/** Canonicals that only this server defines. */
const OWN_CANONICAL = /^urn:wetread:/;
/** Identifiers that only this server gives. */
const OWN_IDENTIFIER = 'urn:wetread:report';
const STUDY_IDENTIFIER = searchParameters('ImagingStudy').get('identifier')?.numbers.own ?? 0;
/** A UID however it is written: as R4 asks (`urn:oid:`), or bare. */
const UID = /^(?:urn:oid:)?([0-2](?:\.(?:0|[1-9]\d*))+)$/i;

/** The Study Instance UIDs that an ImagingStudy is written with, as an identifier has them (`urn:oid:`), whatever its system. */
export function studyUids({ type, deleted, rows }: NewVersion): string[] {
  if (type !== 'ImagingStudy' || deleted) return [];
  return rows.tokens.flatMap(({ parameter, value }) => {
    const uid = parameter === STUDY_IDENTIFIER ? UID.exec(value)?.[1] : undefined;
    return uid === undefined ? [] : [`urn:oid:${uid}`];
  });
}

/**
 * The places, in what clients write, of rivals to the server's own truth under another id: an ImagingStudy by the Study Instance UID
 * of a study that the archive has, under whatever system; a report by an identifier of the server's; a definition by a canonical of
 * its own. Whoever asks for these finds one.
 */
export async function rivalsAmong(tx: Transaction, writes: readonly (NewVersion | undefined)[]): Promise<ReadonlySet<number>> {
  const rivals = new Set<number>();
  const studies = new Map<string, number>();
  for (const [i, write] of writes.entries()) {
    if (write === undefined || write.deleted) continue;
    const { tokens } = write.rows;
    const [url, identifier] = ['url', 'identifier'].map((name) => searchParameters(write.type).get(name)?.numbers.own);
    if (url !== undefined && tokens.some(({ parameter, value }) => parameter === url && OWN_CANONICAL.test(value))) rivals.add(i);
    if (identifier !== undefined && tokens.some(({ parameter, system }) => parameter === identifier && system === OWN_IDENTIFIER))
      rivals.add(i);
    for (const uid of studyUids(write)) studies.set(uid, i);
  }
  if (studies.size === 0) return rivals;
  const owned = await tx.rows<{ value: string }>(
    `SELECT DISTINCT t.value FROM search_token t JOIN resource r ON r.no = t.resource AND r.owned AND NOT r.deleted
      WHERE t.parameter = $1::int AND t.value = ANY($2::text[]) AND t.system = 'urn:dicom:uid'`,
    [STUDY_IDENTIFIER, [...studies.keys()]],
    'records.rivals',
  );
  for (const { value } of owned) rivals.add(studies.get(value) as number);
  return rivals;
}
