import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { fetched } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { reportPage, reportsByIds, reportsOfStudies, type ReportFilter, type ReportRow } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(private readonly database: Database) {}

  /** A page, newest first; on record. */
  async page(caller: Caller, filter: ReportFilter, after: { issued: Date; id: string } | undefined, limit: number): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await reportPage(tx, filter, after, limit);
      await appendRecords(tx, [fetched(caller, { type: 'report', id: 'search' }, { matches: rows.length })]);
      return rows;
    });
  }

  /** One report; on record. */
  async read(caller: Caller, id: string): Promise<ReportRow | undefined> {
    return this.database.transaction(async (tx) => {
      const [row] = await reportsByIds(tx, [id]);
      if (row) await appendRecords(tx, [fetched(caller, { type: 'report', id }, { version: row.version })]);
      return row;
    });
  }

  /** The reports of studies whose access is on record already. */
  ofStudies(studyRows: readonly number[]): Promise<ReportRow[]> {
    return this.database.statement((tx) => reportsOfStudies(tx, studyRows));
  }
}
