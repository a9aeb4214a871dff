import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { reportPage, reportsByIds, reportsOfStudies, type ReportFilter, type ReportRow } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(private readonly database: Database) {}

  /** A page, newest first; on record. */
  async page(caller: Caller, filter: ReportFilter, after: { issued: Date; id: string } | undefined, limit: number): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await reportPage(tx, filter, after, limit);
      await appendRecords(tx, [
        {
          actor: caller.id,
          action: 'data.fetched',
          entity: { type: 'report', id: 'search' },
          changes: { matches: rows.length },
          reason: '',
        },
      ]);
      return rows;
    });
  }

  /** One report; on record. */
  async read(caller: Caller, id: string): Promise<ReportRow | undefined> {
    return this.database.transaction(async (tx) => {
      const [row] = await reportsByIds(tx, [id]);
      if (row)
        await appendRecords(tx, [
          { actor: caller.id, action: 'data.fetched', entity: { type: 'report', id }, changes: { version: row.version }, reason: '' },
        ]);
      return row;
    });
  }

  /** The reports of studies whose access is on record already. */
  ofStudies(studyRows: readonly number[]): Promise<ReportRow[]> {
    return this.database.statement((tx) => reportsOfStudies(tx, studyRows));
  }
}
