import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import { fetched } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { levelOf, type Level } from './index-attributes.js';
import type { SearchKey } from './search-keys.js';
import { storedDataset } from './studies.js';
import { searchRows, type SearchRow } from './search.sql.js';

/** A search as a caller asks it (PS3.18 8.3.4, 10.6). */
export interface SearchRequest {
  readonly level: Level;
  readonly keys: readonly SearchKey[];
  /** Tags asked for beyond the standard's own; or all of the level. */
  readonly include: ReadonlySet<string> | 'all';
  readonly limit: number;
  readonly offset: number;
}

/** One match: its attributes, and the UIDs its RetrieveURL is made of. */
export interface Match {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID?: string;
  readonly sopInstanceUID?: string;
  readonly attributes: DicomJson;
}

/** What a match always holds (PS3.18 tables 10.6.3-3, -4 and -5), where the instance has it. */
const ALWAYS: Readonly<Record<Level, ReadonlySet<string>>> = {
  study: new Set([
    '00080005',
    '00080020',
    '00080030',
    '00080050',
    '00080090',
    '00080201',
    '00100010',
    '00100020',
    '00100030',
    '00100040',
    '0020000D',
    '00200010',
    '00081030',
  ]),
  series: new Set(['00080005', '00080060', '00080201', '0008103E', '0020000E', '00200011', '00400244', '00400245', '00400275', '0020000D']),
  instance: new Set([
    '00080005',
    '00080016',
    '00080018',
    '00080201',
    '0020000D',
    '0020000E',
    '00200013',
    '00280008',
    '00280010',
    '00280011',
    '00280100',
    '00080060',
  ]),
};
/** Required study attributes are given empty where the study lacks them, so that viewers find the keys. */
const EMPTY_STUDY: DicomJson = {
  '00080020': { vr: 'DA' },
  '00080030': { vr: 'TM' },
  '00080050': { vr: 'SH' },
  '00080090': { vr: 'PN' },
  '00100010': { vr: 'PN' },
  '00100020': { vr: 'LO' },
  '00100030': { vr: 'DA' },
  '00100040': { vr: 'CS' },
  '00200010': { vr: 'SH' },
};

/** Finds studies, series and instances (QIDO-RS, PS3.18 10.6). */
export class Search {
  constructor(private readonly database: Database) {}

  /** The matches, and whether there are more behind them. Throws BadSearchKey. */
  async find(caller: Caller, request: SearchRequest): Promise<{ matches: Match[]; more: boolean }> {
    const rows = await this.database.statement((tx) => searchRows(tx, request.level, request.keys, request.limit + 1, request.offset));
    const matches = rows.slice(0, request.limit).map((row) => asMatch(row, request));
    await this.database.statement((tx) =>
      appendRecords(tx, [
        fetched(caller, { type: 'search', id: request.level }, { keys: request.keys.map(({ tag }) => tag), matches: matches.length }),
      ]),
    );
    return { matches, more: rows.length > request.limit };
  }
}

function asMatch(row: SearchRow, { level, keys, include }: SearchRequest): Match {
  const study: DicomJson = storedDataset(row.study);
  const series: DicomJson = row.series === undefined ? {} : storedDataset(row.series);
  const instance: DicomJson = row.instance === undefined ? {} : storedDataset(row.instance);
  const wanted = new Set(keys.map(({ tag }) => tag)); // what was matched is given back
  const given = { ...study, ...series, ...instance };
  const chosen = Object.entries(given).filter(
    ([at]) =>
      ALWAYS[level].has(at) ||
      wanted.has(at) ||
      (include === 'all' ? true : include.has(at)) ||
      (level !== 'study' && ALWAYS.study.has(at) && levelOf(at) === 'study'),
  );
  const attributes: DicomJson = { ...(level === 'study' ? EMPTY_STUDY : {}), ...Object.fromEntries(chosen) };
  attributes['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] }; // what is sent is UTF-8
  attributes['00080056'] = { vr: 'CS', Value: ['ONLINE'] };
  if (level === 'study') {
    attributes['00080061'] = { vr: 'CS', ...(row.modalities?.length ? { Value: row.modalities } : {}) };
    attributes['00201206'] = { vr: 'IS', Value: [row.seriesCount ?? 0] };
    attributes['00201208'] = { vr: 'IS', Value: [row.instanceCount ?? 0] };
  }
  if (level === 'series') attributes['00201209'] = { vr: 'IS', Value: [row.instanceCount ?? 0] };
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = row;
  return { studyInstanceUID, seriesInstanceUID, sopInstanceUID, attributes };
}
