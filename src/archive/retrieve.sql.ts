import type { Transaction } from '../database/transaction.js';
import type { ByteRange, FrameTable } from '../dicom/frame-table.js';
import { heldRows } from './held-texts.js';
import type { Whose } from '../records/study-patient-id.js';
import { WHOSE } from './study-patient.js';

/** Which instances: a study, one of its series, or one instance of that. */
export interface ArchivePath {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** Where an instance's bytes lie. */
export interface StoredInstanceRow {
  readonly id: number;
  readonly studyRow: number;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly seriesInstanceUID: string;
  readonly transferSyntaxUID: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Rises with every change of its attributes; 0 as received. */
  readonly revision: number;
  /** When it was stored or changed last. */
  readonly changedAt: Date;
}

/** An instance that was found by its UIDs, with what tells whose it is. */
export interface FoundInstanceRow extends StoredInstanceRow {
  readonly whose: Whose;
}

/** Where the stored frames of an instance lie: of encapsulated ones only those that were asked for. */
export interface FrameInstanceRow extends FoundInstanceRow {
  readonly dataSetOffset: number;
  /** Native and video tables; null where the frames are encapsulated, or there are none. */
  readonly frameTable: FrameTable | null;
  /** Ranges of the encapsulated frames asked for, in that order; null where there is no such frame. */
  readonly ranges: readonly (readonly ByteRange[] | null)[] | null;
}

/** An instance with what its pixels need. */
export interface PixelInstanceRow extends StoredInstanceRow {
  readonly dataSetOffset: number;
  readonly metadata: string;
  readonly frameTable: FrameTable | null;
  readonly bulkData: readonly { readonly path: string; readonly vr: string; readonly offset: number; readonly length: number }[];
}

type Row<T> = T & Record<string, unknown>;

const COLUMNS = `i.id, i.study_row AS "studyRow", i.sop_instance_uid AS "sopInstanceUID", i.sop_class_uid AS "sopClassUID",
  se.series_instance_uid AS "seriesInstanceUID", i.transfer_syntax_uid AS "transferSyntaxUID", encode(i.sha256, 'hex') AS sha256, i.bytes,
  i.revision, i.changed_at AS "changedAt"`;
const PIXEL_COLUMNS = `${COLUMNS}, i.metadata, i.frame_table AS "frameTable", i.bulk_data AS "bulkData", i.data_set_offset AS "dataSetOffset"`;
/** Of the tables, packed, the length is not known: an eighth of it may be. */
const HELD = `octet_length(i.metadata) + 8 * (coalesce(pg_column_size(i.frame_table), 0) + pg_column_size(i.bulk_data))`;
const FROM = `FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row`;

type Level = 'study' | 'series' | 'instance';
export const levelOf = (path: ArchivePath): Level =>
  path.instance !== undefined ? 'instance' : path.series !== undefined ? 'series' : 'study';

/** One condition a level, so that each has a plan of its own: an instance is found by its own index, not among its study's. */
const AT: Readonly<Record<Level, string>> = {
  study: `s.study_instance_uid = $1`,
  series: `s.study_instance_uid = $1 AND se.study_row = s.id AND se.series_instance_uid = $2`,
  instance: `i.sop_instance_uid = $3 AND se.series_instance_uid = $2 AND s.study_instance_uid = $1`,
};

/** The same of instances alone. */
const BELOW: Readonly<Record<Level, string>> = {
  study: `i.study_row = (SELECT id FROM study WHERE study_instance_uid = $1)`,
  series: `i.series_row = (SELECT se.id FROM series se JOIN study s ON s.id = se.study_row WHERE ${AT.series})`,
  instance: `i.id = (SELECT i.id ${FROM} WHERE ${AT.instance})`,
};
const bound = ({ study, series, instance }: ArchivePath): string[] => [study, series, instance].filter((uid) => uid !== undefined);

/** The instances of a path, in order of arrival. */
export const instancesAt = (tx: Transaction, path: ArchivePath) =>
  tx.rows<Row<FoundInstanceRow>>(
    `SELECT ${COLUMNS}, ${WHOSE} ${FROM} WHERE ${AT[levelOf(path)]} ORDER BY i.id`,
    bound(path),
    `archive.instances-at-${levelOf(path)}`,
  );

/** Metadata of several instances, ready to be joined: their JSON texts with a comma between, and the last one's row. */
export interface MetadataPage {
  /** whether there are others behind the last one */
  readonly more: boolean;
  readonly lastRow: number | null;
  readonly text: string | null;
}

/**
 * A page of the stored metadata of a path, after a row, as much as may be held at once. Relative bulk data URIs become absolute ones below `studies`: inside a
 * JSON string the quotes of what is replaced would be escaped, so it is the member alone.
 * @param studies  address of the studies resource
 */
export const metadataAt = async (
  tx: Transaction,
  path: ArchivePath,
  studies: string,
  afterRow: number,
  limit: number,
): Promise<MetadataPage> => {
  const level = levelOf(path);
  const uids = bound(path);
  const [base, after, most] = [1, 2, 3].map((n) => `$${uids.length + n}`);
  // The rows are chosen first: a text is unpacked and rewritten for those of this page alone, not for all that come after.
  const [page] = await tx.rows<Row<MetadataPage>>(
    `WITH page AS MATERIALIZED (${heldRows(
      `SELECT i.id AS place, octet_length(i.metadata) AS held FROM instance i WHERE ${BELOW[level]} AND i.id > ${after} ORDER BY i.id LIMIT ${most}`,
    )})
     SELECT coalesce((SELECT max(found) = ${most} OR max(found) > count(*) FROM page), false) AS more,
            max(id) AS "lastRow", string_agg(text, ',' ORDER BY id) AS text
       FROM (SELECT i.id, replace(i.metadata, '"BulkDataURI":"bulkdata/', '"BulkDataURI":"' || ${base}::text || '/' || s.study_instance_uid ||
                    '/series/' || se.series_instance_uid || '/instances/' || i.sop_instance_uid || '/bulkdata/') AS text
               ${FROM} WHERE i.id IN (SELECT place FROM page)) AS texts`,
    [...uids, studies, afterRow, limit],
    `archive.metadata-at-${level}`,
  );
  return page;
};

/** What a study, series or instance stands at: its row, and what changes whenever anything in it does. */
export const stateAt = async (tx: Transaction, path: ArchivePath): Promise<ArchiveState | undefined> => {
  const level = levelOf(path);
  const of = level === 'study' ? 's' : level === 'series' ? 'se' : 'i';
  const from = { study: 'FROM study s', series: 'FROM series se JOIN study s ON s.id = se.study_row', instance: FROM }[level];
  const [row] = await tx.rows<Row<ArchiveState>>(
    `SELECT s.id AS "studyRow", ${of}.id AS row, s.revision, s.changed_at AS "changedAt", ${WHOSE} ${from} WHERE ${AT[level]}`,
    bound(path),
    `archive.state-at-${level}`,
  );
  return row;
};

export interface ArchiveState {
  readonly studyRow: number;
  /** Of the study, series or instance itself. */
  readonly row: number;
  /** Of the study: rises whenever an instance comes, goes or is changed. */
  readonly revision: number;
  readonly changedAt: Date;
  readonly whose: Whose;
}

/** One instance with where the frames asked for lie. */
export const frameInstanceAt = async (
  tx: Transaction,
  path: Required<ArchivePath>,
  frames: readonly number[],
): Promise<FrameInstanceRow | undefined> =>
  (
    await tx.rows<Row<FrameInstanceRow>>(
      `SELECT ${COLUMNS}, ${WHOSE}, i.data_set_offset AS "dataSetOffset",
              CASE WHEN i.frame_table ->> 'kind' <> 'encapsulated' THEN i.frame_table END AS "frameTable",
              CASE WHEN i.frame_table ->> 'kind' = 'encapsulated'
                   THEN (SELECT jsonb_agg(t.frames -> (f.number - 1) ORDER BY f.place)
                           FROM (SELECT i.frame_table -> 'frames' AS frames OFFSET 0) AS t, -- unpacked once, not for each frame
                                unnest($4::int[]) WITH ORDINALITY AS f (number, place)) END AS ranges
         ${FROM} WHERE ${AT.instance}`,
      [...bound(path), frames],
      'archive.frame-instance-at',
    )
  )[0];

/** One instance with what its pixels need. */
export const pixelInstanceAt = async (
  tx: Transaction,
  path: Required<ArchivePath>,
): Promise<(PixelInstanceRow & FoundInstanceRow) | undefined> =>
  (
    await tx.rows<Row<PixelInstanceRow & FoundInstanceRow>>(
      `SELECT ${PIXEL_COLUMNS}, ${WHOSE} ${FROM} WHERE ${AT.instance}`,
      bound(path),
      'archive.pixel-instance-at',
    )
  )[0];

/** The rows of a study's instances that came from outside. */
export const receivedRows = async (tx: Transaction, studyRow: number): Promise<number[]> =>
  (
    await tx.rows<{ id: number }>(
      `SELECT id FROM instance WHERE study_row = $1 AND NOT derived ORDER BY id`,
      [studyRow],
      'archive.received-rows',
    )
  ).map(({ id }) => id);

/** The first of these instances, as many as may be held at once, in the order of their rows. */
export const pixelInstances = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<Row<PixelInstanceRow>>(
    heldRows(
      `SELECT ${PIXEL_COLUMNS}, i.id AS place, ${HELD} AS held
         FROM instance i JOIN series se ON se.id = i.series_row WHERE i.id = ANY($1)`,
    ),
    [rows],
    'archive.pixel-instances',
  );
