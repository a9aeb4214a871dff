import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { fetched } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { patientIdOf } from '../records/study-patient-id.js';
import { reportPage, reportsByIds, reportsOfStudies, whoseReports, type ReportFilter, type ReportRow } from './reports.sql.js';

/** Issued reports, as the graph asks for them. */
export class Reports {
  constructor(private readonly database: Database) {}

  /** A page, newest first; on record. */
  async page(caller: Caller, filter: ReportFilter, after: { issued: Date; id: string } | undefined, limit: number): Promise<ReportRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await reportPage(tx, filter, after, limit);
      const patients = await patientsOf(tx, rows);
      await appendRecords(tx, [
        fetched(caller, { type: 'report', id: 'search' }, { matches: rows.length }, { patients, query: queryOf(filter) }),
      ]);
      return rows;
    });
  }

  /** One report; on record. */
  async read(caller: Caller, id: string): Promise<ReportRow | undefined> {
    return this.database.transaction(async (tx) => {
      const [row] = await reportsByIds(tx, [id]);
      const look = row
        ? fetched(caller, { type: 'report', id }, { version: row.version }, { patients: await patientsOf(tx, [row]) })
        : fetched(caller, refusedEntity('report', id).entity, { status: 404 }, { outcome: 'refused', query: id });
      await appendRecords(tx, [look]);
      return row;
    });
  }

  /** The reports of studies whose access is on record already. */
  ofStudies(studyRows: readonly number[]): Promise<ReportRow[]> {
    return this.database.statement((tx) => reportsOfStudies(tx, studyRows));
  }
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
