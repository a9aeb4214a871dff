import { withoutBounds, type Caller } from '../access/caller.js';
import { permitOf } from '../access/permits.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import type { AccessLog } from '../ledger/access-log.js';
import { askedText } from '../ledger/asked-text.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { reportPage, type PagedReport, type ReportFilter, type ReportPlace } from './report-page.sql.js';
import { reportsByIds, reportsOfStudies, type ListedReport } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
  ) {}

  /**
   * A page, newest first, which may be given once it is `onRecord`. Where `wantsPatients`, and the caller may read whichever there are, the
   * Patients come with it, in the same look.
   */
  async page(
    caller: Caller,
    filter: ReportFilter,
    slice: Slice<ReportPlace>,
    wantsPatients: boolean,
  ): Promise<{ rows: PagedReport[]; onRecord: Promise<undefined> }> {
    const withPatients = wantsPatients && permitOf(caller, 'Patient', 'r') === 'all';
    const query = askedText(filter);
    // What was not filtered is one statement, planned once (forLooks); filters are planned by their values.
    const rows = await this.database[query === undefined ? 'lookStatement' : 'statement']((tx) =>
      reportPage(tx, caller, filter, slice, withPatients),
    );
    const patients = patientsOf(rows);
    const details = { matches: rows.length, ...(withPatients && { included: patients.length }) };
    const look = { caller, entity: { type: 'report', id: 'search' }, what: 'search', details, patients, query };
    return { rows, onRecord: this.accessLog.record(look) };
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
