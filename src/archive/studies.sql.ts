import type { Caller } from '../access/caller.js';
import { andOpenStudy, nameUnless } from '../records/search/open-ids.sql.js';
import { GivenConditions } from '../database/given-conditions.js';
import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { Whose } from '../records/study-patient-id.js';
import { whoseSql } from './study-patient.js';
import { foldName } from './searchable-name.js';
import { like } from './wild-cards.js';

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

/** Those of them that are open to the caller. */
export function studiesByRow(tx: Transaction, caller: Caller, rows: readonly number[]): Promise<Row<StudySummary>[]> {
  const values: unknown[] = [rows];
  const open = andOpenStudy(caller, 'r', 'study_instance_uid', values);
  return tx.rows<Row<StudySummary>>(`${STUDY} WHERE id = ANY($1)${open}`, values, nameUnless(open, 'archive.studies-by-row'));
}

/** Those of them that are open to the caller. */
export function studiesByUid(tx: Transaction, caller: Caller, uids: readonly string[]): Promise<Row<StudySummary>[]> {
  const values: unknown[] = [uids];
  const open = andOpenStudy(caller, 'r', 'study_instance_uid', values);
  return tx.rows<Row<StudySummary>>(
    `${STUDY} WHERE study_instance_uid = ANY($1)${open}`,
    values,
    nameUnless(open, 'archive.studies-by-uid'),
  );
}

/** Whose studies are. */
export const whoseStudies = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<{ whose: Whose }>(`SELECT ${whoseSql('s')} AS whose FROM study s WHERE id = ANY($1)`, [rows], 'archive.whose-studies');

export interface StudyFilter {
  readonly patientID?: string | null;
  readonly accessionNumber?: string | null;
  /** Of one of its series. */
  readonly modality?: string | null;
  /** Study Date (DA), both ends included; a study without one is in no range. */
  readonly fromDate?: string | null;
  readonly toDate?: string | null;
  /** Somewhere in the patient's name or the study's description, whatever the case. */
  readonly text?: string | null;
}

/** Those that are open to the caller, newest first. */
export async function studyPage(tx: Transaction, caller: Caller, filter: StudyFilter, slice: Slice<number>): Promise<StudySummary[]> {
  const where = new GivenConditions();
  const { bind } = where;
  where
    .and(filter.patientID, (id) => `patient_id = ${bind(id)}`)
    .and(filter.accessionNumber, (number) => `accession_number = ${bind(number)}`)
    .and(filter.modality, (modality) => `modalities @> ARRAY[${bind(modality)}]`)
    .and(filter.fromDate, (date) => `study_date >= ${bind(date)}`)
    .and(filter.toDate, (date) => `study_date <= ${bind(date)} AND study_date <> ''`)
    .and(filter.text, (text) => {
      const name = bind(like(`*${foldName(text)}*`));
      return `(patient_name_search LIKE ${name} OR lower(study_description) LIKE ${bind(like(`*${text.toLowerCase()}*`))})`;
    })
    .and(slice.after, (row) => `id < ${bind(row)}`)
    .and(slice.before, (row) => `id > ${bind(row)}`);
  const open = andOpenStudy(caller, 's', 'study_instance_uid', where.values);
  const name = nameUnless(open, slice.backwards ? 'archive.study-page-back' : 'archive.study-page');
  const rows = await tx.rows<Row<StudySummary>>(
    `${STUDY} WHERE ${where.sql}${open} ORDER BY id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT ${bind(slice.limit)}`,
    where.values,
    name && where.nameUnlessGiven(name),
  );
  return inOrder(rows, slice);
}

/** @param most  rows at most; all unless given */
export const seriesOfStudies = (tx: Transaction, studyRows: readonly number[], most?: number) =>
  tx.rows<Row<SeriesSummary>>(
    `SELECT id, study_row AS "studyRow", series_instance_uid AS "seriesInstanceUID", modality, series_number AS "seriesNumber", attributes
       FROM series WHERE study_row = ANY($1) ORDER BY study_row, series_number NULLS LAST, id LIMIT $2`,
    [studyRows, most ?? null],
    'archive.series-of-studies',
  );

const INSTANCE = `SELECT id, study_row AS "studyRow", series_row AS "seriesRow", sop_instance_uid AS "sopInstanceUID", sop_class_uid AS "sopClassUID",
            transfer_syntax_uid AS "transferSyntaxUID", instance_number AS "instanceNumber", bytes, encode(sha256, 'hex') AS sha256, derived
       FROM instance`;

/** An instance of a study; undefined where that has none of this UID. */
export const instanceOfStudy = async (tx: Transaction, studyRow: number, sopInstanceUID: string): Promise<InstanceSummary | undefined> =>
  (
    await tx.rows<Row<InstanceSummary>>(
      `${INSTANCE} WHERE study_row = $1 AND sop_instance_uid = $2`,
      [studyRow, sopInstanceUID],
      'archive.instance-of-study',
    )
  )[0];

export const instancesByRow = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<Row<InstanceSummary>>(`${INSTANCE} WHERE id = ANY($1)`, [rows], 'archive.instances-by-row');

/** @param most  rows at most; all unless given */
export const instancesOfSeries = (tx: Transaction, seriesRows: readonly number[], most?: number) =>
  tx.rows<Row<InstanceSummary>>(
    `${INSTANCE} WHERE series_row = ANY($1) ORDER BY series_row, instance_number NULLS LAST, id LIMIT $2`,
    [seriesRows, most ?? null],
    'archive.instances-of-series',
  );
