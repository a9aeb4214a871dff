import { createHash } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import type { Transaction } from '../database/transaction.js';
import type { Level } from './attribute-levels.js';
import type { Counts } from './search-answer.js';
import { heldRows } from './held-texts.js';
import type { Whose } from '../records/study-patient-id.js';
import { whoseSql } from './study-patient.js';
import { Bindings } from '../records/search/condition.sql.js';
import { openStudiesSql } from '../records/search/open-ids.sql.js';
import { conditions, isSelective, namesOneStudy } from './search-conditions.js';
import type { Matching, SearchKey } from './search-keys.js';

/** A row of a search: its ready answer, what fills the gaps of it; and, where asked for, the data sets it was made of. */
export interface SearchRow extends Counts {
  readonly answer: string;
  /** how many rows there were; fewer are given where their texts were too much to be held at once */
  readonly found: number;
  readonly studyRow?: number;
  readonly seriesRow?: number;
  /** Of studies. */
  readonly whose?: Whose;
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
}

const COUNTS_OF_STUDY = `array_to_json(s.modalities)::text AS modalities, s.series_count AS "seriesCount", s.instance_count AS "instanceCount"`;
const ANSWER: Readonly<Record<Level, string>> = {
  study: `s.answer, ${COUNTS_OF_STUDY}, ${whoseSql('s')} AS whose`,
  series: `se.answer, se.instance_count AS "instanceCount", se.study_row AS "studyRow"`,
  instance: `i.answer, i.study_row AS "studyRow", i.series_row AS "seriesRow"`,
};
const DATASETS: Readonly<Record<Level, string>> = {
  study: 's.attributes AS study',
  series: 's.attributes AS study, se.attributes AS series',
  instance: 'i.metadata AS instance',
};
/** What of a row is held, bytes. */
const HELD: Readonly<Record<Level, string>> = {
  study: 'octet_length(s.attributes)',
  series: 'octet_length(s.attributes) + octet_length(se.attributes)',
  instance: 'octet_length(i.metadata)',
};
const TABLE: Readonly<Record<Level, string>> = { study: 'study s', series: 'series se', instance: 'instance i' };
const ALIAS: Readonly<Record<Level, string>> = { study: 's', series: 'se', instance: 'i' };

/** Only what is of studies that are open to the caller. */
function ofOpenStudies(caller: Caller, level: Level, values: unknown[]): string[] {
  const open = openStudiesSql(caller, 's', new Bindings(values));
  if (open === undefined) return [];
  return [
    level === 'study'
      ? `s.study_instance_uid IN (${open})`
      : `${ALIAS[level]}.study_row IN (SELECT id FROM study WHERE study_instance_uid IN (${open}))`,
  ];
}

/**
 * Rows of a level that match every key, `limit` of them from `offset` on, or as many as may be held at once. A key that an index answers must be answered
 * by it: `+ 0` keeps the planner from walking all that is stored in the order of the answer until enough match.
 */
export function searchRows(
  tx: Transaction,
  caller: Caller,
  level: Level,
  asked: { readonly keys: readonly SearchKey[]; readonly matching: Matching; readonly limit: number; readonly offset: number },
  given: 'answers' | 'datasets too',
): Promise<SearchRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const study = asked.keys.find((key) => level !== 'study' && namesOneStudy(key));
  const others = asked.keys.filter((key) => key !== study);
  const all = [
    // A study that is named gives its row first: its series and instances then come in their order from one index.
    ...(study ? [`${ALIAS[level]}.study_row = (SELECT id FROM study WHERE study_instance_uid = ${bind(study.value)})`] : []),
    ...conditions(others, asked.matching, bind),
    ...ofOpenStudies(caller, level, values),
  ];
  const above = (of: Level): boolean => others.some((key) => key.level === of);
  const readsOffsets = asked.matching.timezoneOffset !== undefined || others.some(({ vr }) => vr === 'DT'); // the study holds its own
  const joinsStudy = level !== 'study' && (above('study') || readsOffsets || given === 'datasets too');
  const from = [
    TABLE[level],
    ...(level === 'instance' && above('series') ? ['JOIN series se ON se.id = i.series_row'] : []),
    ...(joinsStudy ? [`JOIN study s ON s.id = ${ALIAS[level]}.study_row`] : []),
  ];
  const also = given === 'answers' ? '' : `, ${DATASETS[level]}`;
  const held = `octet_length(${ALIAS[level]}.answer)${given === 'answers' ? '' : ` + ${HELD[level]}`}`;
  const columns = `${ANSWER[level]}${also}, ${ALIAS[level]}.id AS place, ${held} AS held`;
  const order = !study && others.some(isSelective) ? `${ALIAS[level]}.id + 0` : `${ALIAS[level]}.id`; // order of arrival: stable
  const page = `LIMIT ${bind(asked.limit)} OFFSET ${bind(asked.offset)}`;
  // Without keys the page's rows are counted off in the index alone, and only they are read.
  const paged = `${ALIAS[level]}.id = ANY (ARRAY(SELECT p.id FROM ${level} p ORDER BY p.id ${page}))`;
  const matching = all.length > 0 ? `WHERE ${all.join(' AND ')} ORDER BY ${order} ${page}` : `WHERE ${paged} ORDER BY ${order}`;
  const text = heldRows(`SELECT ${columns} FROM ${from.join(' ')} ${matching}`);
  return tx.rows<SearchRow & Record<string, unknown>>(text, values, shapeName(text));
}

/** An instance that came from outside, with what tells whose it is. */
export interface MatchingRow {
  readonly id: number;
  readonly studyRow: number;
  readonly whose: Whose;
}

const AS_TOLD: Matching = { fuzzy: false, emptyValues: false, multipleValues: false };

/** Instances that came from outside and match every key, of studies that are open to the caller, by row, those behind `after`. */
export function matchingRows(
  tx: Transaction,
  caller: Caller,
  keys: readonly SearchKey[],
  after: number,
  limit: number,
): Promise<(MatchingRow & Record<string, unknown>)[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const all = [...conditions(keys, AS_TOLD, bind), ...ofOpenStudies(caller, 'instance', values), 'NOT i.derived', `i.id > ${bind(after)}`];
  return tx.rows<MatchingRow & Record<string, unknown>>(
    `SELECT i.id, i.study_row AS "studyRow", ${whoseSql('s')} AS whose
       FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row
      WHERE ${all.join(' AND ')} ORDER BY ${keys.some(isSelective) ? 'i.id + 0' : 'i.id'} LIMIT ${bind(limit)}`,
    values,
  );
}

type Above = Omit<SearchRow, 'found'> & { readonly id: number };

/** The answers of studies, or of series, that found series and instances also tell of. */
export const answersAbove = (tx: Transaction, of: 'study' | 'series', rows: readonly number[]) =>
  of === 'study'
    ? tx.rows<Above & Record<string, unknown>>(
        `SELECT s.id, s.answer, ${COUNTS_OF_STUDY} FROM study s WHERE s.id = ANY($1::bigint[])`,
        [rows],
        'archive.study-answers',
      )
    : tx.rows<Above & Record<string, unknown>>(
        `SELECT se.id, se.answer, se.instance_count AS "instanceCount" FROM series se WHERE se.id = ANY($1::bigint[])`,
        [rows],
        'archive.series-answers',
      );

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
