import { createHash } from 'node:crypto';
import type { Transaction } from '../database/transaction.js';
import type { Level } from './attribute-levels.js';
import type { AnswerRow } from './search-answer.js';
import { conditions, isSelective } from './search-conditions.js';
import type { Matching, SearchKey } from './search-keys.js';

/** A row of a search: the ready answer with what fills its gaps; and, where asked for, the data sets it was made of. */
export interface SearchRow extends AnswerRow {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
}

const OF_STUDY = `array_to_json(s.modalities)::text AS modalities, s.series_count AS "seriesCount", s.instance_count AS "instanceCount"`;
const ANSWER: Readonly<Record<Level, string>> = {
  study: `s.answer, ${OF_STUDY}`,
  series: `se.answer, ${OF_STUDY}, se.instance_count AS "inSeries"`,
  instance: `i.answer, ${OF_STUDY}, se.instance_count AS "inSeries"`,
};
const DATASETS: Readonly<Record<Level, string>> = {
  study: 's.attributes AS study',
  series: 's.attributes AS study, se.attributes AS series',
  instance: 'i.metadata AS instance',
};
const FROM: Readonly<Record<Level, string>> = {
  study: 'study s',
  series: 'series se JOIN study s ON s.id = se.study_row',
  instance: 'instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row',
};
/** Order of arrival: stable while new things arrive. */
const ORDER: Readonly<Record<Level, string>> = { study: 's.id', series: 'se.id', instance: 'i.id' };

/**
 * Rows of a level that match every key, `limit` of them from `offset` on. A key that an index answers must be answered
 * by it: `+ 0` keeps the planner from walking all that is stored in the order of the answer until enough match.
 */
export function searchRows(
  tx: Transaction,
  level: Level,
  asked: { readonly keys: readonly SearchKey[]; readonly matching: Matching; readonly limit: number; readonly offset: number },
  given: 'answers' | 'datasets too',
): Promise<SearchRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const all = conditions(asked.keys, asked.matching, bind);
  const columns = given === 'answers' ? ANSWER[level] : `${ANSWER[level]}, ${DATASETS[level]}`;
  const order = asked.keys.some(isSelective) ? `${ORDER[level]} + 0` : ORDER[level];
  const text = `SELECT ${columns} FROM ${FROM[level]} ${all.length > 0 ? `WHERE ${all.join(' AND ')}` : ''}
     ORDER BY ${order} LIMIT ${bind(asked.limit)} OFFSET ${bind(asked.offset)}`;
  return tx.rows<SearchRow & Record<string, unknown>>(text, values, shapeName(text));
}

/** A connection keeps every statement it prepared: the common shapes of searches, not whatever callers think of. */
const PREPARED_SHAPES = 100;
const shapes = new Map<string, string>();

function shapeName(text: string): string | undefined {
  const known = shapes.get(text);
  if (known !== undefined || shapes.size >= PREPARED_SHAPES) return known;
  const name = `archive.search-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  shapes.set(text, name);
  return name;
}
