import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import { fetched } from '../ledger/ledger-event.js';
import { askedText } from '../ledger/asked-text.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import {
  readingPage,
  readingsByModel,
  readingsByRow,
  readingsOfInstances,
  readingsOfStudies,
  type ModelOfStudy,
  type ReadingFilter,
  type ReadingRow,
} from './readings.sql.js';
import { patientsOfStudies } from '../archive/patients-of-studies.js';

/** What models made of studies, for the later rooms and the graph. */
export class Readings {
  constructor(private readonly database: Database) {}

  /** A page, newest first; on record. */
  page(caller: Caller, filter: ReadingFilter, slice: Slice<number>): Promise<ReadingRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await readingPage(tx, caller, filter, slice);
      const patients = await patientsOfStudies(
        tx,
        rows.map(({ studyRow }) => studyRow),
      );
      const query = askedText(filter);
      await appendRecords(tx, [fetched(caller, { type: 'reading', id: 'search' }, { matches: rows.length }, { patients, query })]);
      return rows;
    });
  }

  /** Of studies whose access is on record already. */
  ofStudies(caller: Caller, studyRows: readonly number[]): Promise<ReadingRow[]> {
    return this.database.statement((tx) => readingsOfStudies(tx, caller, studyRows));
  }

  /** Of instances whose study's access is on record already. */
  ofInstances(caller: Caller, instanceRows: readonly number[], most: number): Promise<ReadingRow[]> {
    return this.database.statement((tx) => readingsOfInstances(tx, caller, instanceRows, most));
  }

  /** The same of studies, by one model version each. */
  byModel(caller: Caller, asked: readonly ModelOfStudy[], most: number): Promise<ReadingRow[]> {
    return this.database.statement((tx) => readingsByModel(tx, caller, asked, most));
  }

  /** By their rows. */
  byRow(caller: Caller, readingRows: readonly number[]): Promise<ReadingRow[]> {
    return this.database.statement((tx) => readingsByRow(tx, caller, readingRows));
  }
}
