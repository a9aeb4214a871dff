import type { Transaction } from '../database/transaction.js';
import type { Whose } from '../records/study-patient-id.js';
import { WHOSE } from './study-patient.js';
import type { ArchivePath } from './retrieve.sql.js';

/** An instance that can be shown, without its header. */
export interface ImageRow {
  readonly id: number;
  readonly studyRow: number;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  readonly sha256: string;
  readonly revision: number;
  readonly changedAt: Date;
  /** frames that the file holds one by one; 0 of video and of what is no image */
  readonly frames: number;
  readonly whose: Whose;
}

type Row = ImageRow & Record<string, unknown>;

const COLUMNS = `i.id, i.study_row AS "studyRow", se.series_instance_uid AS "seriesInstanceUID", i.sop_instance_uid AS "sopInstanceUID",
  i.sop_class_uid AS "sopClassUID", i.transfer_syntax_uid AS "transferSyntaxUID",
  encode(i.sha256, 'hex') AS sha256, i.revision, i.changed_at AS "changedAt",
  CASE i.frame_table ->> 'kind' WHEN 'native' THEN (i.frame_table ->> 'frames')::int
    WHEN 'encapsulated' THEN jsonb_array_length(i.frame_table -> 'frames') ELSE 0 END AS frames, ${WHOSE}`;
const FROM = `FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row`;
const IN_STUDY = `s.study_instance_uid = $1`;
const IN_SERIES = `s.study_instance_uid = $1 AND se.study_row = s.id AND se.series_instance_uid = $2`;
const IMAGES = `i.frame_table IS NOT NULL AND NOT i.derived`;

/** One instance, image or not. */
export const imageAt = async (tx: Transaction, { study, series, instance }: Required<ArchivePath>): Promise<ImageRow | undefined> =>
  (
    await tx.rows<Row>(
      `SELECT ${COLUMNS} ${FROM} WHERE i.sop_instance_uid = $3 AND se.series_instance_uid = $2 AND s.study_instance_uid = $1`,
      [study, series, instance],
      'archive.image-at',
    )
  )[0];

/** The images of a study or series that came from outside, series by series, in the order they are looked at. */
export const imagesOf = (tx: Transaction, { study, series }: ArchivePath) =>
  series === undefined
    ? tx.rows<Row>(
        `SELECT ${COLUMNS} ${FROM} WHERE ${IN_STUDY} AND ${IMAGES} ORDER BY se.series_number NULLS LAST, se.id, i.instance_number NULLS LAST, i.id`,
        [study],
        'archive.images-of-study',
      )
    : tx.rows<Row>(
        `SELECT ${COLUMNS} ${FROM} WHERE ${IN_SERIES} AND ${IMAGES} ORDER BY i.instance_number NULLS LAST, i.id`,
        [study, series],
        'archive.images-of-series',
      );

/** The images of a study with these SOP Instance UIDs; those that are not there are not in the answer. */
export const imagesByUid = (tx: Transaction, study: string, sopInstanceUIDs: readonly string[]) =>
  tx.rows<Row>(
    `SELECT ${COLUMNS} ${FROM} WHERE ${IN_STUDY} AND i.sop_instance_uid = ANY($2)`,
    [study, sopInstanceUIDs],
    'archive.images-by-uid',
  );

/** The image in the middle of the first series that has images: the one that shows best what a study or series is of. */
export const middleImageOf = async (tx: Transaction, { study, series }: ArchivePath): Promise<ImageRow | undefined> =>
  (
    await tx.rows<Row>(
      `WITH placed AS (
         SELECT i.id, se.series_number AS number, se.id AS series, count(*) OVER (PARTITION BY se.id) AS many,
                row_number() OVER (PARTITION BY se.id ORDER BY i.instance_number NULLS LAST, i.id) AS place
           ${FROM} WHERE ${IN_STUDY} AND ($2::text IS NULL OR se.series_instance_uid = $2) AND ${IMAGES}
            AND i.transfer_syntax_uid !~ '^1\\.2\\.840\\.10008\\.1\\.2\\.4\\.10[0-8]')
       SELECT ${COLUMNS} ${FROM}
        WHERE i.id = (SELECT id FROM placed WHERE place = (many + 1) / 2 ORDER BY number NULLS LAST, series LIMIT 1)`,
      [study, series ?? null],
      'archive.middle-image-of',
    )
  )[0];
