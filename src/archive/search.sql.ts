import type { Transaction } from '../database/transaction.js';
import type { Level } from './index-attributes.js';
import { condition, type SearchKey } from './search-keys.js';

/** A row of a search: the stored DICOM JSON texts of its levels, and the counts that belong to it. */
export interface SearchRow {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID?: string;
  readonly sopInstanceUID?: string;
  readonly modalities?: string[];
  readonly seriesCount?: number;
  readonly instanceCount?: number;
}

const SELECT: Readonly<Record<Level, string>> = {
  study: `SELECT s.attributes AS study, s.study_instance_uid AS "studyInstanceUID",
                 (SELECT array_agg(DISTINCT m.modality ORDER BY m.modality) FROM series m WHERE m.study_row = s.id AND m.modality <> '') AS modalities,
                 (SELECT count(*)::int FROM series c WHERE c.study_row = s.id) AS "seriesCount",
                 (SELECT count(*)::int FROM instance c WHERE c.study_row = s.id) AS "instanceCount"
            FROM study s`,
  series: `SELECT s.attributes AS study, se.attributes AS series, s.study_instance_uid AS "studyInstanceUID",
                  se.series_instance_uid AS "seriesInstanceUID",
                  (SELECT count(*)::int FROM instance c WHERE c.series_row = se.id) AS "instanceCount"
             FROM series se JOIN study s ON s.id = se.study_row`,
  instance: `SELECT s.attributes AS study, se.attributes AS series, i.metadata AS instance, s.study_instance_uid AS "studyInstanceUID",
                    se.series_instance_uid AS "seriesInstanceUID", i.sop_instance_uid AS "sopInstanceUID"
               FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row`,
};
/** Order of arrival: stable while new things arrive. */
const ORDER: Readonly<Record<Level, string>> = { study: 's.id', series: 'se.id', instance: 'i.id' };

/** Rows of a level that match every key, `limit` of them from `offset` on. */
export function searchRows(tx: Transaction, level: Level, keys: readonly SearchKey[], limit: number, offset: number): Promise<SearchRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = keys.map((key) => condition(key, bind)).filter((one) => one !== undefined);
  return tx.rows<SearchRow & Record<string, unknown>>(
    `${SELECT[level]} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      ORDER BY ${ORDER[level]} LIMIT ${bind(limit)} OFFSET ${bind(offset)}`,
    values,
  );
}
