import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import type { AccessLog } from '../ledger/access-log.js';
import type { Level } from './attribute-levels.js';
import { withIncluded, type Included } from './included-attributes.js';
import { filledAnswer, fillings, isAlwaysAnswered } from './search-answer.js';
import type { Matching, SearchKey } from './search-keys.js';
import { answersAbove, matchingRows, searchRows, type MatchingRow, type SearchRow } from './search.sql.js';
import { storedDataset } from './studies.js';
import { patientsOfStudies } from './patients-of-studies.js';
import { patientIdOf } from '../records/study-patient-id.js';

/** A search as a caller asks it (PS3.18 8.3.4, 10.6). */
export interface SearchRequest {
  readonly level: Level;
  /** The target resource: everything, the series or instances of a study, or the instances of a series (table 10.6.1-1). */
  readonly within: 'all' | 'study' | 'series';
  readonly keys: readonly SearchKey[];
  readonly matching: Matching;
  readonly include: Included;
  readonly limit: number;
  readonly offset: number;
  /** Where the caller reaches the DICOMweb service, with no slash at the end: matches say where they are to be had. */
  readonly service: string;
}

/** Finds studies, series and instances (QIDO-RS, PS3.18 10.6). */
export class Search {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {}

  /** The matches as DICOM JSON texts, and whether there are more behind them, of the studies that are open to the caller. Throws BadSearchKey, NotPermitted. */
  async find(caller: Caller, request: SearchRequest): Promise<{ matches: string[]; more: boolean }> {
    const { level, keys, limit } = request;
    const { answers, found, patients } = await this.database.statement((tx) => answered(tx, caller, request));
    const matches = answers.slice(0, limit);
    const details = { keys: keys.map(({ tag }) => tag), matches: matches.length };
    const query = caller.asking?.address;
    await this.accessLog.record({ caller, entity: { type: 'search', id: level }, what: 'search', details, patients, query });
    return { matches, more: found > matches.length };
  }

  /**
   * The instances that came from outside and match, by row, a thousand at a time: for work that goes through all of them. That each
   * thousand was found is on record before it is given. Throws BadSearchKey, NotPermitted.
   * @param what  for what they are looked for, as the ledger has it
   */
  async *instances(caller: Caller, keys: readonly SearchKey[], what: string): AsyncGenerator<readonly MatchingRow[]> {
    for (let after = 0; ;) {
      const from = after;
      const rows = await this.database.statement((tx) => matchingRows(tx, caller, keys, from, ROWS_AT_ONCE));
      const details = { keys: keys.map(({ tag }) => tag), matches: rows.length };
      const patients = [...new Set(rows.map(({ whose }) => patientIdOf(whose)))];
      await this.accessLog.record({ caller, entity: { type: 'search', id: 'instance' }, what, details, patients });
      if (rows.length > 0) yield rows;
      if (rows.length < ROWS_AT_ONCE) return;
      after = rows[rows.length - 1].id;
    }
  }
}

/** Rows that are asked for at once, and named by one record of the ledger. */
const ROWS_AT_ONCE = 1_000;

/** The answers of a search, one more than its limit where there are more, or as many as may be held; and how many there would be. */
async function answered(
  tx: Transaction,
  caller: Caller,
  request: SearchRequest,
): Promise<{ answers: string[]; found: number; patients: string[] }> {
  const { level, limit, service } = request;
  const included = beyondAnswer(request);
  const rows = await searchRows(tx, caller, level, { ...request, limit: limit + 1 }, included === undefined ? 'answers' : 'datasets too');
  const [above, patients] = await Promise.all([answersOfAbove(tx, request, rows), patientsOf(tx, rows.slice(0, limit))]);
  let last: { row: SearchRow; filling: string[] } | undefined;
  const answers = rows.map((row) => {
    // Neighbours are mostly of one series: what fills one fills the next.
    const same = last && level === 'instance' && last.row.seriesRow === row.seriesRow && last.row.studyRow === row.studyRow;
    const filling = same && last ? last.filling : fillings(level, service, row, above(row));
    last = { row, filling };
    const answer = filledAnswer(row.answer, filling);
    return included === undefined ? answer : withIncluded(answer, row, included, level);
  });
  return { answers, found: rows[0]?.found ?? 0, patients };
}

/** Whose the matches are: each Patient once. */
async function patientsOf(tx: Transaction, rows: readonly SearchRow[]): Promise<string[]> {
  const others = [...new Set(rows.flatMap(({ whose, studyRow }) => (whose === undefined && studyRow !== undefined ? [studyRow] : [])))];
  if (others.length > 0) return patientsOfStudies(tx, others);
  return [...new Set(rows.flatMap(({ whose }) => (whose === undefined ? [] : [patientIdOf(whose)])))];
}

/** What the target resource asks matches to tell of the study and series they belong to (PS3.18 10.6.3.3.2, 10.6.3.3.3). */
async function answersOfAbove(
  tx: Transaction,
  { level, within, service }: SearchRequest,
  rows: readonly SearchRow[],
): Promise<(row: SearchRow) => DicomJson> {
  const gather = async (of: 'study' | 'series', idOf: (row: SearchRow) => number | undefined, wanted: boolean) => {
    const ids = wanted ? [...new Set(rows.map(idOf))].filter((id) => id !== undefined) : [];
    const found = ids.length === 0 ? [] : await answersAbove(tx, of, ids);
    return new Map(found.map((row) => [row.id, storedDataset(filledAnswer(row.answer, fillings(of, service, row, {})))]));
  };
  const studies = await gather('study', ({ studyRow }) => studyRow, level !== 'study' && within === 'all');
  const series = await gather('series', ({ seriesRow }) => seriesRow, level === 'instance' && within !== 'series');
  return (row) => ({ ...studies.get(row.studyRow ?? 0), ...series.get(row.seriesRow ?? 0) });
}

/** What the ready answers lack of what was asked for: what was matched is given back too. Undefined where they lack nothing. */
function beyondAnswer({ level, keys, include: { tags, creators } }: SearchRequest): Included | undefined {
  const matched = keys.map(({ tag, within }) => within?.[0] ?? tag);
  const lacking = tags === 'all' ? tags : new Set([...tags, ...matched].filter((tag) => !isAlwaysAnswered(level, tag)));
  return lacking === 'all' || lacking.size > 0 ? { tags: lacking, creators } : undefined;
}
