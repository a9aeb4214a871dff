import { withoutBounds, type Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import { inPages } from './held-texts.js';
import { AVAILABLE_TRANSFER_SYNTAX_UID } from './index-attributes.js';
import { imagingStudyId } from './fhir/imaging-study.js';
import { patientResourceId } from './fhir/patient.js';
import { askedText } from '../ledger/asked-text.js';
import { fetched, sealedOf, type LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { pixelInstances, receivedRows, type PixelInstanceRow } from './retrieve.sql.js';
import {
  seriesOfStudies,
  studiesByRow,
  studiesByUid,
  studyPage,
  instanceOfStudy,
  instancesByRow,
  instancesOfSeries,
  type InstanceSummary,
  type SeriesSummary,
  type StudyFilter,
  type StudySummary,
} from './studies.sql.js';

/** Studies as the later rooms and the graph look at them: found for a caller, then walked by row, in batches. */
export class Studies {
  constructor(private readonly database: Database) {}

  /** Those of them that are open to the caller: looked up on the way from what is on record. */
  byRow(caller: Caller, rows: readonly number[]): Promise<StudySummary[]> {
    return this.database.statement((tx) => studiesByRow(tx, caller, rows));
  }

  /** One study; the look at it is on record, also where it is not there, or not the caller's. */
  async byUid(caller: Caller, studyInstanceUID: string): Promise<StudySummary | undefined> {
    return (await this.byUids(caller, [studyInstanceUID]))[0];
  }

  /** A study for who reads what the ledger has of it: whoever may see the study itself, which is not shown. */
  audited(caller: Caller, studyInstanceUID: string): Promise<StudySummary | undefined> {
    return this.database.statement(async (tx) => (await studiesByUid(tx, withoutBounds(caller), [studyInstanceUID]))[0]);
  }

  /**
   * Studies by their UIDs, in any order; the looks are on record, also of what is not there, or not the caller's.
   * @param misses  `untold` where somebody waits for a study, and looks again and again
   */
  byUids(caller: Caller, studyInstanceUIDs: readonly string[], misses: 'on record' | 'untold' = 'on record'): Promise<StudySummary[]> {
    return this.database.transaction(async (tx) => {
      const rows = await studiesByUid(tx, caller, studyInstanceUIDs);
      const found = new Set(rows.map((row) => row.studyInstanceUID));
      const missed = misses === 'untold' ? [] : studyInstanceUIDs.filter((uid) => !found.has(uid));
      await appendRecords(tx, [...rows.map((row) => lookAt(caller, String(row.id), [row])), ...missed.map((uid) => notFound(caller, uid))]);
      return rows;
    });
  }

  /** Studies, newest first; the look at them is on record. */
  page(caller: Caller, filter: StudyFilter, slice: Slice<number>): Promise<StudySummary[]> {
    return this.database.transaction(async (tx) => {
      const rows = await studyPage(tx, caller, filter, slice);
      await appendRecords(tx, [{ ...lookAt(caller, 'search', rows), sealed: sealedOf(caller, askedText(filter)) }]);
      return rows;
    });
  }

  series(studyRows: readonly number[], most?: number): Promise<SeriesSummary[]> {
    return this.database.statement((tx) => seriesOfStudies(tx, studyRows, most));
  }

  /** One instance of a study whose access is on record already. */
  instance(studyRow: number, sopInstanceUID: string): Promise<InstanceSummary | undefined> {
    return this.database.statement((tx) => instanceOfStudy(tx, studyRow, sopInstanceUID));
  }

  /** Instances by their rows: whose they are the caller has asked. */
  instancesByRow(rows: readonly number[]): Promise<InstanceSummary[]> {
    return this.database.statement((tx) => instancesByRow(tx, rows));
  }

  instances(seriesRows: readonly number[], most?: number): Promise<InstanceSummary[]> {
    return this.database.statement((tx) => instancesOfSeries(tx, seriesRows, most));
  }

  /** The rows of the instances that models may read: what the server made itself is left out. */
  received(studyRow: number): Promise<number[]> {
    return this.database.statement((tx) => receivedRows(tx, studyRow));
  }

  /** Instances with what their pixels need, by ascending rows; their headers are held some at a time. */
  pixelInstances(rows: readonly number[]): AsyncIterable<PixelInstanceRow> {
    return inPages((some) => this.database.statement((tx) => pixelInstances(tx, some)), rows);
  }
}

/** A stored DICOM JSON text as a data set: the ingest wrote it. */
export function storedDataset(text: string): DicomJson {
  const { [AVAILABLE_TRANSFER_SYNTAX_UID]: _, ...dataset } = JSON.parse(text) as DicomJson;
  return dataset;
}

const lookAt = (caller: Caller, id: string, rows: readonly StudySummary[]): LedgerEvent => {
  const patients = rows.map((row) => patientResourceId(storedDataset(row.attributes), row.studyInstanceUID));
  const imagingStudy = id === 'search' ? {} : { imagingStudy: imagingStudyId(rows[0].studyInstanceUID) };
  const changes = { matches: rows.length, ...imagingStudy };
  return fetched(caller, { type: 'study', id }, changes, { patients: [...new Set(patients)] });
};

/** Not there, or not the caller's to see. */
const notFound = (caller: Caller, studyInstanceUID: string): LedgerEvent =>
  fetched(caller, { type: 'study', id: 'unknown' }, { status: 404 }, { outcome: 'refused', query: studyInstanceUID });
