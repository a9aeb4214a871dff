import { withoutBounds, type Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import { fetched, type LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { patientIdOf } from '../records/study-patient-id.js';
import { reportPage, type ReportFilter, type ReportPlace } from './report-page.sql.js';
import { reportsByIds, reportsOfStudies, whoseReports, type ReportRow } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(private readonly database: Database) {}

  /** A page, newest first; on record. */
  async page(caller: Caller, filter: ReportFilter, slice: Slice<ReportPlace>): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await reportPage(tx, caller, filter, slice);
      const patients = await patientsOf(tx, rows);
      await appendRecords(tx, [
        fetched(caller, { type: 'report', id: 'search' }, { matches: rows.length }, { patients, query: queryOf(filter) }),
      ]);
      return rows;
    });
  }

  /** Reports by their ids, in any order; on record. */
  async read(caller: Caller, ids: readonly string[]): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const { rows, looks } = await looked(tx, caller, ids);
      // One request leaves one record where it asks for one: what is not there, or not theirs, too.
      const missed = ids.length === 1 && rows.length === 0 ? [ids[0]] : [];
      const refusals = missed.map((id) =>
        fetched(caller, refusedEntity('report', id).entity, { status: 404 }, { outcome: 'refused', query: id }),
      );
      await appendRecords(tx, [...looks, ...refusals]);
      return rows;
    });
  }

  /** A report of which word came, where it is the caller's: word of others' comes too. On record. */
  async told(caller: Caller, id: string): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const { rows, looks } = await looked(tx, caller, [id]);
      await appendRecords(tx, looks);
      return rows;
    });
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
  ofStudies(caller: Caller, studyRows: readonly number[], most?: number): Promise<ReportRow[]> {
    return this.database.statement((tx) => reportsOfStudies(tx, caller, studyRows, most));
  }
}

async function looked(tx: Transaction, caller: Caller, ids: readonly string[]): Promise<{ rows: ReportRow[]; looks: LedgerEvent[] }> {
  const rows = await reportsByIds(tx, caller, ids);
  const patients = await patientsOf(tx, rows);
  return { rows, looks: rows.map(({ id, version }) => fetched(caller, { type: 'report', id }, { version }, { patients })) };
}

/** Whose they are, each once; of a study that was deleted nobody is told. */
const patientsOf = async (tx: Transaction, rows: readonly ReportRow[]): Promise<string[]> => [
  ...new Set((await whoseReports(tx, rows)).map(({ whose }) => patientIdOf(whose))),
];

/** What was asked for, where it was by anything. */
const queryOf = (filter: ReportFilter): string | undefined => {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== undefined));
  return Object.keys(asked).length === 0 ? undefined : JSON.stringify(asked);
};
