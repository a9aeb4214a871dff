import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { AccessLog } from '../ledger/access-log.js';
import type { Level } from './attribute-levels.js';
import { withIncluded, type Included } from './included-attributes.js';
import { filledAnswer, isAlwaysAnswered } from './search-answer.js';
import type { Matching, SearchKey } from './search-keys.js';
import { searchRows } from './search.sql.js';

/** A search as a caller asks it (PS3.18 8.3.4, 10.6). */
export interface SearchRequest {
  readonly level: Level;
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

  /** The matches as DICOM JSON texts, and whether there are more behind them. Throws BadSearchKey. */
  async find(caller: Caller, request: SearchRequest): Promise<{ matches: string[]; more: boolean }> {
    const { level, keys, limit, service } = request;
    const included = beyondAnswer(request);
    const rows = await this.database.statement((tx) =>
      searchRows(tx, level, { ...request, limit: limit + 1 }, included === undefined ? 'answers' : 'datasets too'),
    );
    const matches = rows.slice(0, limit).map((row) => {
      const answer = filledAnswer(row, service);
      return included === undefined ? answer : withIncluded(answer, row, included, level);
    });
    const details = { keys: keys.map(({ tag }) => tag), matches: matches.length };
    await this.accessLog.record({ caller, entity: { type: 'search', id: level }, what: 'search', details });
    return { matches, more: rows.length > limit };
  }
}

/** What the ready answers lack of what was asked for: what was matched is given back too. Undefined where they lack nothing. */
function beyondAnswer({ level, keys, include: { tags, creators } }: SearchRequest): Included | undefined {
  const matched = keys.map(({ tag, within }) => within?.[0] ?? tag);
  const lacking = tags === 'all' ? tags : new Set([...tags, ...matched].filter((tag) => !isAlwaysAnswered(level, tag)));
  return lacking === 'all' || lacking.size > 0 ? { tags: lacking, creators } : undefined;
}
