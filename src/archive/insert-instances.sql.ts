import type { Transaction } from '../database/transaction.js';

/** An instance as it goes into the index. */
export interface IndexedInstance {
  /** Of the study and series that it belongs to. */
  readonly uids: { readonly studyInstanceUID: string; readonly seriesInstanceUID: string };
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

/** Studies not there yet, and the rows they got; sorted, so that two servers never wait for each other crosswise. */
export const insertStudies = (tx: Transaction, rows: readonly IndexedInstance['study'][]) =>
  tx.rows<{ id: number }>(
    `INSERT INTO study (study_instance_uid, patient_id, patient_name_search, study_date, study_time, accession_number,
                        referring_physician_search, study_id, study_description, timezone_offset, attributes, answer, patient_name_sounds)
     SELECT uid, patient, name, date, time, accession, referring, study_id, description, timezone, attributes, answer, string_to_array(sounds, ' ')
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                   $10::text[], $11::text[], $12::text[], $13::text[])
         AS s (uid, patient, name, date, time, accession, referring, study_id, description, timezone, attributes, answer, sounds)
      ORDER BY uid ON CONFLICT (study_instance_uid, tenant) DO NOTHING RETURNING id`,
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

/** Series not there yet, of studies that are, and the rows they got. */
export const insertSeries = (tx: Transaction, rows: readonly (IndexedInstance['series'] & { studyInstanceUID: string })[]) =>
  tx.rows<{ id: number }>(
    `INSERT INTO series (study_row, series_instance_uid, modality, series_number, performed_date, performed_time, attributes, answer, requests)
     SELECT s.id, series, modality, number, date, time, w.attributes, w.answer, string_to_array(w.requests, '\\')
       FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
         AS w (study, series, modality, number, date, time, attributes, answer, requests) JOIN study s ON s.study_instance_uid = w.study
      ORDER BY 1, 2 ON CONFLICT (study_row, series_instance_uid) DO NOTHING RETURNING id`,
    [
      ...columns(
        rows,
        (r) => r.studyInstanceUID,
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

/** JSON texts as one: a control character is never in them unescaped, and an array of long texts would be escaped once more. */
const SEPARATOR = '\x1e';
const joined = (texts: readonly (string | null)[]): string => texts.map((text) => text ?? '').join(SEPARATOR);
const split = (parameter: string): string => `string_to_array(${parameter}::text, chr(30))`;

/** An instance and the series and study that it belongs to. */
export type PlacedInstance = IndexedInstance['instance'] & { readonly studyInstanceUID: string; readonly seriesInstanceUID: string };

/**
 * Instances whose UID is free; answers which went in. Their series and studies count them in the same statement: adding
 * to what is there is right whoever else adds meanwhile. The studies are locked in their order first, so that two
 * servers never wait for each other crosswise. A series is its study's from its first instance on.
 */
export const insertInstances = (tx: Transaction, rows: readonly PlacedInstance[]) =>
  tx.rows<Omit<InstanceHolder, 'sha256'>>(
    `WITH stored AS (
       INSERT INTO instance (study_row, series_row, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number,
                             sha256, bytes, metadata, answer, frame_table, bulk_data, derived, data_set_offset)
       SELECT s.id, se.id, uid, class, syntax, number, decode(sha256, 'hex'), bytes, metadata, i.answer, nullif(frames, '')::jsonb,
              bulk::jsonb, derived, data_set_offset
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bigint[],
                     ${split('$9')}, $10::text[], ${split('$11')}, ${split('$12')}, $13::bool[], $14::int[])
           AS i (study, series, uid, class, syntax, number, sha256, bytes, metadata, answer, frames, bulk, derived, data_set_offset)
         JOIN study s ON s.study_instance_uid = i.study
         JOIN series se ON se.study_row = s.id AND se.series_instance_uid = i.series
        ORDER BY uid ON CONFLICT (sop_instance_uid, tenant) DO NOTHING
       RETURNING id, sop_instance_uid AS uid, study_row, series_row),
     locked AS MATERIALIZED (
       SELECT id FROM study WHERE id IN (SELECT study_row FROM stored) ORDER BY id FOR NO KEY UPDATE),
     counted AS (
       UPDATE series SET instance_count = series.instance_count + more.n
         FROM (SELECT series_row, count(*)::int AS n FROM stored GROUP BY series_row) AS more, locked
        WHERE series.id = more.series_row AND series.study_row = locked.id
       RETURNING series.study_row, series.modality, more.n, (series.instance_count = more.n)::int AS fresh),
     told AS (
       UPDATE study SET revision = study.revision + 1, changed_at = now(),
                        instance_count = study.instance_count + more.n, series_count = study.series_count + more.fresh,
                        modalities = CASE WHEN study.modalities @> more.modalities THEN study.modalities
                                          ELSE ARRAY(SELECT DISTINCT m FROM unnest(study.modalities || more.modalities) AS m ORDER BY m) END
         FROM (SELECT study_row, sum(n)::int AS n, sum(fresh)::int AS fresh, coalesce(array_agg(modality) FILTER (WHERE modality <> ''), '{}') AS modalities
                 FROM counted GROUP BY study_row) AS more
        WHERE study.id = more.study_row)
     SELECT stored.id, uid, study_row AS "studyRow", study.change IS NOT NULL AS changed FROM stored JOIN study ON study.id = study_row`,
    [
      ...columns(
        rows,
        (r) => r.studyInstanceUID,
        (r) => r.seriesInstanceUID,
        (r) => r.sopInstanceUID,
        (r) => r.sopClassUID,
        (r) => r.transferSyntaxUID,
        (r) => r.instanceNumber,
        (r) => r.sha256,
        (r) => r.bytes,
      ),
      joined(rows.map((r) => r.metadata)),
      rows.map((r) => r.answer),
      joined(rows.map((r) => r.frameTable)),
      joined(rows.map((r) => r.bulkData)),
      rows.map((r) => r.derived),
      rows.map((r) => r.dataSetOffset),
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
    `UPDATE study SET (revision, changed_at, series_count, instance_count, modalities) =
       (SELECT study.revision + 1, greatest(study.changed_at, clock_timestamp()), count(*), coalesce(sum(se.instance_count), 0),
               coalesce(array_agg(DISTINCT se.modality ORDER BY se.modality) FILTER (WHERE se.modality <> ''), '{}')
          FROM series se WHERE se.study_row = study.id AND se.instance_count > 0)
      WHERE study.id = ANY($1::bigint[])`,
    [studyRows],
    'archive.recount-studies',
  );
}

/**
 * Removes the studies and series of these rows that hold nothing: made a moment ago for instances that were then refused. Only
 * rows of this transaction may be given: nobody else can have put anything into them.
 */
export const removeUnheld = (tx: Transaction, studies: readonly number[], series: readonly number[]) =>
  tx.run(
    `WITH empty AS (DELETE FROM series se WHERE se.id = ANY($2::bigint[]) AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.series_row = se.id))
     DELETE FROM study s WHERE s.id = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.study_row = s.id)`,
    [studies, series],
    'archive.remove-unheld',
  );

/** The instance that has a UID; `changed` where attributes of its study were, so that what is new in it takes that over. */
export interface InstanceHolder {
  readonly id: number;
  readonly uid: string;
  readonly sha256: string;
  readonly studyRow: number;
  readonly changed: boolean;
}

/** What holds the UIDs that were taken. */
export const instancesBySopInstanceUID = (tx: Transaction, uids: readonly string[]) =>
  tx.rows<InstanceHolder & Record<string, unknown>>(
    `SELECT id, sop_instance_uid AS uid, encode(sha256, 'hex') AS sha256, study_row AS "studyRow",
            (SELECT s.change IS NOT NULL FROM study s WHERE s.id = study_row) AS changed
       FROM instance WHERE sop_instance_uid = ANY($1)`,
    [uids],
    'archive.instances-by-uid',
  );
