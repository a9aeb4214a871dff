import type { Transaction } from '../database/transaction.js';
import type { Whose } from '../records/study-patient-id.js';
import { whoseSql } from './study-patient.js';

export interface StudySummary {
  readonly id: number;
  readonly studyInstanceUID: string;
  readonly patientID: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly accessionNumber: string;
  /** DICOM JSON of the study- and patient-level attributes. */
  readonly attributes: string;
  readonly storedAt: Date;
}

export interface SeriesSummary {
  readonly id: number;
  readonly studyRow: number;
  readonly seriesInstanceUID: string;
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly attributes: string;
}

export interface InstanceSummary {
  readonly id: number;
  readonly studyRow: number;
  readonly seriesRow: number;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  readonly instanceNumber: number | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly derived: boolean;
}

const STUDY = `SELECT id, study_instance_uid AS "studyInstanceUID", patient_id AS "patientID", study_date AS "studyDate",
  study_time AS "studyTime", accession_number AS "accessionNumber", attributes, stored_at AS "storedAt" FROM study`;

type Row<T> = T & Record<string, unknown>;

export const studiesByRow = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<Row<StudySummary>>(`${STUDY} WHERE id = ANY($1)`, [rows], 'archive.studies-by-row');

export const studiesByUid = (tx: Transaction, uids: readonly string[]) =>
  tx.rows<Row<StudySummary>>(`${STUDY} WHERE study_instance_uid = ANY($1)`, [uids], 'archive.studies-by-uid');

/** Whose studies are. */
export const whoseStudies = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<{ whose: Whose }>(`SELECT ${whoseSql('s')} AS whose FROM study s WHERE id = ANY($1)`, [rows], 'archive.whose-studies');

/** Newest first, from before a row on. */
export const studyPage = (tx: Transaction, beforeRow: number | undefined, limit: number) =>
  tx.rows<Row<StudySummary>>(
    `${STUDY} WHERE ($1::bigint IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
    [beforeRow ?? null, limit],
    'archive.study-page',
  );

export const seriesOfStudies = (tx: Transaction, studyRows: readonly number[]) =>
  tx.rows<Row<SeriesSummary>>(
    `SELECT id, study_row AS "studyRow", series_instance_uid AS "seriesInstanceUID", modality, series_number AS "seriesNumber", attributes
       FROM series WHERE study_row = ANY($1) ORDER BY study_row, series_number NULLS LAST, id`,
    [studyRows],
    'archive.series-of-studies',
  );

export const instancesOfSeries = (tx: Transaction, seriesRows: readonly number[]) =>
  tx.rows<Row<InstanceSummary>>(
    `SELECT id, study_row AS "studyRow", series_row AS "seriesRow", sop_instance_uid AS "sopInstanceUID", sop_class_uid AS "sopClassUID",
            transfer_syntax_uid AS "transferSyntaxUID", instance_number AS "instanceNumber", bytes, encode(sha256, 'hex') AS sha256, derived
       FROM instance WHERE series_row = ANY($1) ORDER BY series_row, instance_number NULLS LAST, id`,
    [seriesRows],
    'archive.instances-of-series',
  );
