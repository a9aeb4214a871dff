import type { Transaction } from '../database/transaction.js';

/** An instance as it goes into the index. */
export interface IndexedInstance {
  readonly study: {
    readonly studyInstanceUID: string;
    readonly patientID: string;
    readonly patientNameSearch: string;
    /** Codes of how its words sound, parted by spaces. */
    readonly patientNameSounds: string;
    readonly studyDate: string;
    readonly studyTime: string;
    readonly accessionNumber: string;
    readonly referringPhysicianSearch: string;
    readonly studyID: string;
    readonly studyDescription: string;
    readonly timezoneOffset: string;
    readonly attributes: string;
    readonly answer: string;
  };
  readonly series: {
    readonly seriesInstanceUID: string;
    readonly modality: string;
    readonly seriesNumber: number | null;
    readonly performedDate: string;
    readonly performedTime: string;
    /** `tag=value` of what identifies the requests it was made for, parted by backslashes. */
    readonly requests: string;
    readonly attributes: string;
    readonly answer: string;
  };
  readonly instance: {
    readonly sopInstanceUID: string;
    readonly sopClassUID: string;
    readonly transferSyntaxUID: string;
    readonly instanceNumber: number | null;
    readonly sha256: string;
    readonly bytes: number;
    readonly metadata: string;
    readonly answer: string;
    readonly frameTable: string | null;
    readonly bulkData: string;
    readonly derived: boolean;
    readonly dataSetOffset: number;
  };
}

type Columns = readonly (readonly unknown[])[];
/** Rows turned into one array a column, as unnest takes them. */
const columns = <T>(rows: readonly T[], ...pick: ((row: T) => unknown)[]): Columns => pick.map((one) => rows.map(one));

/** Studies not there yet; sorted, so that two servers never wait for each other crosswise. */
export const insertStudies = (tx: Transaction, rows: readonly IndexedInstance['study'][]) =>
  tx.run(
    `INSERT INTO study (study_instance_uid, patient_id, patient_name_search, study_date, study_time, accession_number,
                        referring_physician_search, study_id, study_description, timezone_offset, attributes, answer, patient_name_sounds)
     SELECT uid, patient, name, date, time, accession, referring, study_id, description, timezone, attributes, answer, string_to_array(sounds, ' ')
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                   $10::text[], $11::text[], $12::text[], $13::text[])
         AS s (uid, patient, name, date, time, accession, referring, study_id, description, timezone, attributes, answer, sounds)
      ORDER BY uid ON CONFLICT (study_instance_uid) DO NOTHING`,
    [
      ...columns(
        rows,
        (r) => r.studyInstanceUID,
        (r) => r.patientID,
        (r) => r.patientNameSearch,
        (r) => r.studyDate,
        (r) => r.studyTime,
        (r) => r.accessionNumber,
        (r) => r.referringPhysicianSearch,
        (r) => r.studyID,
        (r) => r.studyDescription,
        (r) => r.timezoneOffset,
        (r) => r.attributes,
        (r) => r.answer,
        (r) => r.patientNameSounds,
      ),
    ],
    'archive.insert-studies',
  );

export const studyRows = (tx: Transaction, uids: readonly string[]) =>
  tx.rows<{ id: number; uid: string }>(
    `SELECT id, study_instance_uid AS uid FROM study WHERE study_instance_uid = ANY($1)`,
    [uids],
    'archive.study-rows',
  );

export const insertSeries = (tx: Transaction, rows: readonly (IndexedInstance['series'] & { studyRow: number })[]) =>
  tx.run(
    `INSERT INTO series (study_row, series_instance_uid, modality, series_number, performed_date, performed_time, attributes, answer, requests)
     SELECT study_row, uid, modality, number, date, time, attributes, answer, string_to_array(requests, '\\')
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
         AS s (study_row, uid, modality, number, date, time, attributes, answer, requests)
      ORDER BY study_row, uid ON CONFLICT (study_row, series_instance_uid) DO NOTHING`,
    [
      ...columns(
        rows,
        (r) => r.studyRow,
        (r) => r.seriesInstanceUID,
        (r) => r.modality,
        (r) => r.seriesNumber,
        (r) => r.performedDate,
        (r) => r.performedTime,
        (r) => r.attributes,
        (r) => r.answer,
        (r) => r.requests,
      ),
    ],
    'archive.insert-series',
  );

export const seriesRows = (tx: Transaction, studies: readonly number[], uids: readonly string[]) =>
  tx.rows<{ id: number; studyRow: number; uid: string }>(
    `SELECT s.id, s.study_row AS "studyRow", s.series_instance_uid AS uid FROM series s
       JOIN unnest($1::bigint[], $2::text[]) AS w (study_row, uid) ON s.study_row = w.study_row AND s.series_instance_uid = w.uid`,
    [studies, uids],
    'archive.series-rows',
  );

/**
 * Instances whose UID is free; answers which went in. Their series and studies count them in the same statement: adding
 * to what is there is right whoever else adds meanwhile. The studies are locked in their order first, so that two
 * servers never wait for each other crosswise. A series is its study's from its first instance on.
 */
export const insertInstances = (
  tx: Transaction,
  rows: readonly (IndexedInstance['instance'] & { studyRow: number; seriesRow: number })[],
) =>
  tx.rows<{ id: number; uid: string }>(
    `WITH stored AS (
       INSERT INTO instance (study_row, series_row, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number,
                             sha256, bytes, metadata, answer, frame_table, bulk_data, derived, data_set_offset)
       SELECT study_row, series_row, uid, class, syntax, number, decode(sha256, 'hex'), bytes, metadata, answer, frames::jsonb, bulk::jsonb,
              derived, data_set_offset
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bigint[],
                     $9::text[], $10::text[], $11::text[], $12::text[], $13::bool[], $14::int[])
           AS i (study_row, series_row, uid, class, syntax, number, sha256, bytes, metadata, answer, frames, bulk, derived, data_set_offset)
        ORDER BY uid ON CONFLICT (sop_instance_uid) DO NOTHING
       RETURNING id, sop_instance_uid AS uid, study_row, series_row),
     locked AS MATERIALIZED (
       SELECT id FROM study WHERE id IN (SELECT study_row FROM stored) ORDER BY id FOR NO KEY UPDATE),
     counted AS (
       UPDATE series SET instance_count = series.instance_count + more.n
         FROM (SELECT series_row, count(*)::int AS n FROM stored GROUP BY series_row) AS more, locked
        WHERE series.id = more.series_row AND series.study_row = locked.id
       RETURNING series.study_row, series.modality, more.n, (series.instance_count = more.n)::int AS fresh),
     told AS (
       UPDATE study SET instance_count = study.instance_count + more.n, series_count = study.series_count + more.fresh,
                        modalities = CASE WHEN study.modalities @> more.modalities THEN study.modalities
                                          ELSE ARRAY(SELECT DISTINCT m FROM unnest(study.modalities || more.modalities) AS m ORDER BY m) END
         FROM (SELECT study_row, sum(n)::int AS n, sum(fresh)::int AS fresh, coalesce(array_agg(modality) FILTER (WHERE modality <> ''), '{}') AS modalities
                 FROM counted GROUP BY study_row) AS more
        WHERE study.id = more.study_row)
     SELECT id, uid FROM stored`,
    [
      ...columns(
        rows,
        (r) => r.studyRow,
        (r) => r.seriesRow,
        (r) => r.sopInstanceUID,
        (r) => r.sopClassUID,
        (r) => r.transferSyntaxUID,
        (r) => r.instanceNumber,
        (r) => r.sha256,
        (r) => r.bytes,
        (r) => r.metadata,
        (r) => r.answer,
        (r) => r.frameTable,
        (r) => r.bulkData,
        (r) => r.derived,
        (r) => r.dataSetOffset,
      ),
    ],
    'archive.insert-instances',
  );

/**
 * Counts the instances, series and modalities of these studies again, from what is there. The studies are locked before
 * the statement that counts begins, so that it sees everything committed before it got them.
 */
export async function recountStudies(tx: Transaction, studyRows: readonly number[]): Promise<void> {
  await tx.rows(`SELECT id FROM study WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE`, [studyRows], 'archive.lock-studies');
  await tx.run(
    `UPDATE series SET instance_count = (SELECT count(*) FROM instance i WHERE i.series_row = series.id)
      WHERE series.study_row = ANY($1::bigint[])`,
    [studyRows],
    'archive.recount-series',
  );
  await tx.run(
    `UPDATE study SET (series_count, instance_count, modalities) =
       (SELECT count(*), coalesce(sum(se.instance_count), 0),
               coalesce(array_agg(DISTINCT se.modality ORDER BY se.modality) FILTER (WHERE se.modality <> ''), '{}')
          FROM series se WHERE se.study_row = study.id AND se.instance_count > 0)
      WHERE study.id = ANY($1::bigint[])`,
    [studyRows],
    'archive.recount-studies',
  );
}

/** What holds the UIDs that were taken. */
export const instancesBySopInstanceUID = (tx: Transaction, uids: readonly string[]) =>
  tx.rows<{ id: number; uid: string; sha256: string }>(
    `SELECT id, sop_instance_uid AS uid, encode(sha256, 'hex') AS sha256 FROM instance WHERE sop_instance_uid = ANY($1)`,
    [uids],
    'archive.instances-by-uid',
  );
