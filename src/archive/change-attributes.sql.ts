import type { Transaction } from '../database/transaction.js';
import type { IndexedInstance } from './insert-instances.sql.js';
import { heldRows } from './held-texts.js';
import type { ArchiveState } from './retrieve.sql.js';
import type { Level } from './attribute-levels.js';

/** An instance with what its index is made of, and what its study and series say of attributes that were changed. */
export interface ChangeableInstance {
  readonly id: number;
  readonly studyRow: number;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  readonly metadata: string;
  readonly studyChange: string | null;
  readonly seriesChange: string | null;
}

/** A study or series with its own attributes. */
export interface ChangeableStudy {
  readonly id: number;
  readonly studyInstanceUID: string;
  readonly attributes: string;
  readonly change: string | null;
}
export interface ChangeableSeries extends ChangeableStudy {
  readonly seriesInstanceUID: string;
}

type Row<T> = T & Record<string, unknown>;

const INSTANCE = `SELECT i.id, i.study_row AS "studyRow", s.study_instance_uid AS "studyInstanceUID", se.series_instance_uid AS "seriesInstanceUID",
  i.sop_instance_uid AS "sopInstanceUID", i.sop_class_uid AS "sopClassUID", i.transfer_syntax_uid AS "transferSyntaxUID", i.metadata,
  s.change AS "studyChange", se.change AS "seriesChange", i.id AS place, octet_length(i.metadata) AS held
  FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row`;
const OF: Readonly<Record<Level, string>> = { study: 'i.study_row = $1', series: 'i.series_row = $1', instance: 'i.id = $1' };

/** A page of the instances of a study, series or instance, after a row, as many as may be held at once. */
export const changeableInstances = (tx: Transaction, level: Level, { row }: Pick<ArchiveState, 'row'>, after: number, limit: number) =>
  tx.rows<Row<ChangeableInstance>>(heldRows(`${INSTANCE} WHERE ${OF[level]} AND i.id > $2 ORDER BY i.id LIMIT $3`), [row, after, limit]);

/** The first of these instances, as many as may be held at once, of those in whose study something was changed. */
export const changeableInstancesByRow = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<Row<ChangeableInstance>>(heldRows(`${INSTANCE} WHERE i.id = ANY($1::bigint[]) AND s.change IS NOT NULL`), [rows]);

export const changeableStudy = async (tx: Transaction, studyRow: number): Promise<ChangeableStudy> =>
  (
    await tx.rows<Row<ChangeableStudy>>(
      `SELECT id, study_instance_uid AS "studyInstanceUID", attributes, change FROM study WHERE id = $1 FOR NO KEY UPDATE`,
      [studyRow],
    )
  )[0];

/** Series by row, with the attributes of their study, and whether something was changed in it. */
export const changeableSeries = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<Row<ChangeableSeries & { readonly studyAttributes: string; readonly studyChanged: boolean }>>(
    `SELECT se.id, s.study_instance_uid AS "studyInstanceUID", se.series_instance_uid AS "seriesInstanceUID", se.attributes, se.change,
            s.attributes AS "studyAttributes", s.change IS NOT NULL AS "studyChanged"
       FROM series se JOIN study s ON s.id = se.study_row WHERE se.id = ANY($1::bigint[]) ORDER BY se.id`,
    [rows],
  );

export const seriesRowsOf = async (tx: Transaction, studyRow: number): Promise<number[]> =>
  (await tx.rows<{ id: number }>(`SELECT id FROM series WHERE study_row = $1 ORDER BY id`, [studyRow])).map(({ id }) => id);

export const instanceRowsOf = async (tx: Transaction, studyRow: number): Promise<number[]> =>
  (await tx.rows<{ id: number }>(`SELECT id FROM instance WHERE study_row = $1 ORDER BY id`, [studyRow])).map(({ id }) => id);

/** An instance's row as its changed attributes have it. */
export type ChangedInstance = Pick<IndexedInstance['instance'], 'instanceNumber' | 'metadata' | 'answer'> & { readonly id: number };

export const updateInstances = (tx: Transaction, rows: readonly ChangedInstance[]) =>
  tx.run(
    `UPDATE instance i SET instance_number = c.number, metadata = c.metadata, answer = c.answer, revision = i.revision + 1,
                           changed_at = greatest(i.changed_at, clock_timestamp())
       FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[]) AS c (id, number, metadata, answer) WHERE i.id = c.id`,
    [rows.map((r) => r.id), rows.map((r) => r.instanceNumber), rows.map((r) => r.metadata), rows.map((r) => r.answer)],
  );

export const updateStudy = (tx: Transaction, studyRow: number, study: IndexedInstance['study']) =>
  tx.run(
    `UPDATE study SET patient_id = $2, patient_name_search = $3, study_date = $4, study_time = $5, accession_number = $6,
                      referring_physician_search = $7, study_id = $8, study_description = $9, timezone_offset = $10, attributes = $11, answer = $12,
                      patient_name_sounds = string_to_array($13, ' ')
      WHERE id = $1`,
    [
      studyRow,
      study.patientID,
      study.patientNameSearch,
      study.studyDate,
      study.studyTime,
      study.accessionNumber,
      study.referringPhysicianSearch,
      study.studyID,
      study.studyDescription,
      study.timezoneOffset,
      study.attributes,
      study.answer,
      study.patientNameSounds,
    ],
  );

export const updateSeries = (tx: Transaction, seriesRow: number, series: IndexedInstance['series']) =>
  tx.run(
    `UPDATE series SET modality = $2, series_number = $3, performed_date = $4, performed_time = $5, attributes = $6, answer = $7,
                       requests = string_to_array($8, '\\') WHERE id = $1`,
    [
      seriesRow,
      series.modality,
      series.seriesNumber,
      series.performedDate,
      series.performedTime,
      series.attributes,
      series.answer,
      series.requests,
    ],
    'archive.update-series',
  );

/** Keeps what was changed for instances to come. */
export const keepStudyChange = (tx: Transaction, studyRow: number, change: string) =>
  tx.run(`UPDATE study SET change = $2 WHERE id = $1`, [studyRow, change]);

export const keepSeriesChange = (tx: Transaction, seriesRow: number, change: string) =>
  tx.run(`UPDATE series SET change = $2 WHERE id = $1`, [seriesRow, change]);
