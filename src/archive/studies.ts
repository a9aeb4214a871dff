import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import { inPages } from './held-texts.js';
import { AVAILABLE_TRANSFER_SYNTAX_UID } from './index-attributes.js';
import { imagingStudyId } from './fhir/imaging-study.js';
import { patientResourceId } from './fhir/patient.js';
import { fetched, type LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { pixelInstances, receivedRows, type PixelInstanceRow } from './retrieve.sql.js';
import {
  seriesOfStudies,
  studiesByRow,
  studiesByUid,
  studyPage,
  instancesOfSeries,
  type InstanceSummary,
  type SeriesSummary,
  type StudySummary,
} from './studies.sql.js';

/** Studies as the later rooms and the graph look at them: found for a caller, then walked by row, in batches. */
export class Studies {
  constructor(private readonly database: Database) {}

  byRow(rows: readonly number[]): Promise<StudySummary[]> {
    return this.database.statement((tx) => studiesByRow(tx, rows));
  }

  /** One study; the look at it is on record. */
  byUid(caller: Caller, studyInstanceUID: string): Promise<StudySummary | undefined> {
    return this.database.transaction(async (tx) => {
      const [row] = await studiesByUid(tx, [studyInstanceUID]);
      if (row) await recordLook(tx, caller, String(row.id), [row]);
      else await appendRecords(tx, [notFound(caller, studyInstanceUID)]);
      return row;
    });
  }

  /** Studies, newest first; the look at them is on record. */
  page(caller: Caller, beforeRow: number | undefined, limit: number): Promise<StudySummary[]> {
    return this.database.transaction(async (tx) => {
      const rows = await studyPage(tx, beforeRow, limit);
      await recordLook(tx, caller, 'search', rows);
      return rows;
    });
  }

  series(studyRows: readonly number[]): Promise<SeriesSummary[]> {
    return this.database.statement((tx) => seriesOfStudies(tx, studyRows));
  }

  instances(seriesRows: readonly number[]): Promise<InstanceSummary[]> {
    return this.database.statement((tx) => instancesOfSeries(tx, seriesRows));
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

const recordLook = (tx: Transaction, caller: Caller, id: string, rows: readonly StudySummary[]): Promise<void> => {
  const patients = rows.map((row) => patientResourceId(storedDataset(row.attributes), row.studyInstanceUID));
  const imagingStudy = id === 'search' ? {} : { imagingStudy: imagingStudyId(rows[0].studyInstanceUID) };
  const changes = { matches: rows.length, ...imagingStudy };
  return appendRecords(tx, [fetched(caller, { type: 'study', id }, changes, { patients: [...new Set(patients)] })]);
};

/** Not there, or not the caller's to see. */
const notFound = (caller: Caller, studyInstanceUID: string): LedgerEvent =>
  fetched(caller, { type: 'study', id: 'unknown' }, { status: 404 }, { outcome: 'refused', query: studyInstanceUID });
