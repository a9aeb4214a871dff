import type { Database } from '../database/database.js';
import { readingsOfStudies, type ReadingRow } from './readings.sql.js';

/** What models made of studies, for the later rooms and the graph. */
export class Readings {
  constructor(private readonly database: Database) {}

  ofStudies(studyRows: readonly number[]): Promise<ReadingRow[]> {
    return this.database.statement((tx) => readingsOfStudies(tx, studyRows));
  }
}
