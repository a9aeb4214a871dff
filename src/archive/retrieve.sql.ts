import type { Transaction } from '../database/transaction.js';
import type { FrameTable } from '../dicom/frame-table.js';

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
}

/** An instance with what its pixels need. */
export interface PixelInstanceRow extends StoredInstanceRow {
  readonly dataSetOffset: number;
  readonly metadata: string;
  readonly frameTable: FrameTable | null;
  readonly bulkData: readonly { readonly path: string; readonly vr: string; readonly offset: number; readonly length: number }[];
}

const COLUMNS = `i.id, i.study_row AS "studyRow", i.sop_instance_uid AS "sopInstanceUID", i.sop_class_uid AS "sopClassUID",
  se.series_instance_uid AS "seriesInstanceUID", i.transfer_syntax_uid AS "transferSyntaxUID", encode(i.sha256, 'hex') AS sha256, i.bytes`;
const FROM = `FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row
 WHERE s.study_instance_uid = $1 AND ($2::text IS NULL OR se.series_instance_uid = $2) AND ($3::text IS NULL OR i.sop_instance_uid = $3)`;

const bound = ({ study, series, instance }: ArchivePath): unknown[] => [study, series ?? null, instance ?? null];

/** The instances of a path, in order of arrival. */
export const instancesAt = (tx: Transaction, path: ArchivePath) =>
  tx.rows<StoredInstanceRow & Record<string, unknown>>(`SELECT ${COLUMNS} ${FROM} ORDER BY i.id`, bound(path), 'archive.instances-at');

/** A page of the stored metadata of a path, after a row. */
export const metadataAt = (tx: Transaction, path: ArchivePath, afterRow: number, limit: number) =>
  tx.rows<{ id: number; metadata: string; seriesInstanceUID: string; sopInstanceUID: string }>(
    `SELECT i.id, i.metadata, se.series_instance_uid AS "seriesInstanceUID", i.sop_instance_uid AS "sopInstanceUID" ${FROM} AND i.id > $4 ORDER BY i.id LIMIT $5`,
    [...bound(path), afterRow, limit],
    'archive.metadata-at',
  );

/** One instance with what its pixels need. */
export const pixelInstanceAt = async (tx: Transaction, path: Required<ArchivePath>): Promise<PixelInstanceRow | undefined> =>
  (
    await tx.rows<PixelInstanceRow & Record<string, unknown>>(
      `SELECT ${COLUMNS}, i.metadata, i.frame_table AS "frameTable", i.bulk_data AS "bulkData", i.data_set_offset AS "dataSetOffset" ${FROM}`,
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

/** Instances by row, for the rooms that work on a study they were told of. */
export const pixelInstances = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<PixelInstanceRow & Record<string, unknown>>(
    `SELECT ${COLUMNS}, i.metadata, i.frame_table AS "frameTable", i.bulk_data AS "bulkData", i.data_set_offset AS "dataSetOffset"
       FROM instance i JOIN series se ON se.id = i.series_row WHERE i.id = ANY($1) ORDER BY i.id`,
    [rows],
    'archive.pixel-instances',
  );
