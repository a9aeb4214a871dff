import { withoutBounds, type Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import type { AccessLog } from '../ledger/access-log.js';
import { askedText } from '../ledger/asked-text.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { reportPage, type ReportFilter, type ReportPlace } from './report-page.sql.js';
import { reportsByIds, reportsOfStudies, type ListedReport } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {}

  /** A page, newest first; on record. */
  async page(caller: Caller, filter: ReportFilter, slice: Slice<ReportPlace>): Promise<ListedReport[]> {
    const rows = await this.database.statement((tx) => reportPage(tx, caller, filter, slice));
    const [entity, details] = [{ type: 'report', id: 'search' }, { matches: rows.length }];
    await this.accessLog.record({ caller, entity, what: 'search', details, patients: patientsOf(rows), query: askedText(filter) });
    return rows;
  }

  /** Reports by their ids, in any order; on record. */
  async read(caller: Caller, ids: readonly string[]): Promise<ListedReport[]> {
    const rows = await this.looked(caller, ids);
    const found = new Set(rows.map(({ id }) => id));
    // What is not there, or not theirs, is on record too.
    await Promise.all(
      ids
        .filter((id) => !found.has(id))
        .map((id) =>
          this.accessLog.refused({ caller, entity: refusedEntity('report', id).entity, what: 'report', status: 404, query: id }),
        ),
    );
    return rows;
  }

  /** A report of which word came, where it is the caller's and one that is waited for: word of others comes too. On record. */
  told(caller: Caller, id: string, isWanted?: (row: ListedReport) => Promise<boolean>): Promise<ListedReport[]> {
    return this.looked(caller, [id], isWanted);
  }

  /** Ids of reports for who reads what the ledger has of them: whoever may see the reports themselves, which are not shown. */
  audited(caller: Caller, { ids = [], studyRows = [] }: { ids?: readonly string[]; studyRows?: readonly number[] }): Promise<string[]> {
    const whole = withoutBounds(caller);
    return this.database.statement(async (tx) => {
      const rows = await (ids.length > 0 ? reportsByIds(tx, whole, ids) : reportsOfStudies(tx, whole, studyRows));
      return rows.map(({ id }) => id);
    });
  }

  /** Those that are open to the caller, of studies whose access is on record already. */
  ofStudies(caller: Caller, studyRows: readonly number[], most?: number): Promise<ListedReport[]> {
    return this.database.statement((tx) => reportsOfStudies(tx, caller, studyRows, most));
  }

  private async looked(
    caller: Caller,
    ids: readonly string[],
    isWanted?: (row: ListedReport) => Promise<boolean>,
  ): Promise<ListedReport[]> {
    const found = await this.database.statement((tx) => reportsByIds(tx, caller, ids));
    const rows = isWanted === undefined ? found : (await Promise.all(found.map(async (row) => ((await isWanted(row)) ? row : [])))).flat();
    await Promise.all(
      rows.map((row) => {
        const [entity, details] = [{ type: 'report', id: row.id }, { version: row.version }];
        return this.accessLog.record({ caller, entity, what: 'resource', details, patients: patientsOf([row]) });
      }),
    );
    return rows;
  }
}

/** Whom they are about, each once. */
const patientsOf = (rows: readonly ListedReport[]): string[] => [...new Set(rows.flatMap(({ patientId }) => patientId ?? []))];
