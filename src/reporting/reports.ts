import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import { fetched } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { reportPage, type ReportFilter, type ReportPlace } from './report-page.sql.js';
import { reportsByIds, reportsOfStudies, type ReportRow } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(private readonly database: Database) {}

  /** A page, newest first; on record. */
  async page(caller: Caller, filter: ReportFilter, slice: Slice<ReportPlace>): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await reportPage(tx, filter, slice);
      await appendRecords(tx, [fetched(caller, { type: 'report', id: 'search' }, { matches: rows.length })]);
      return rows;
    });
  }

  /** Reports by their ids, in any order; on record. */
  async read(caller: Caller, ids: readonly string[]): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await reportsByIds(tx, ids);
      await appendRecords(
        tx,
        rows.map(({ id, version }) => fetched(caller, { type: 'report', id }, { version })),
      );
      return rows;
    });
  }

  /** The reports of studies whose access is on record already. */
  ofStudies(studyRows: readonly number[], most?: number): Promise<ReportRow[]> {
    return this.database.statement((tx) => reportsOfStudies(tx, studyRows, most));
  }
}
