import type { Transaction } from '../database/transaction.js';
import { recountStudies } from './insert-instances.sql.js';
import type { ArchivePath } from './retrieve.sql.js';
import type { Whose } from '../records/study-patient-id.js';
import { whoseSql } from './study-patient.js';

/** A deletion that can still be taken back. */
export interface DeletionRow {
  readonly id: number;
  readonly level: string;
  readonly studyInstanceUID: string;
  readonly deletedBy: string;
  readonly reason: string;
  readonly deletedAt: Date;
  readonly instances: number;
  readonly bytes: number;
}

/** The rows of all instances at a path; `held` is the length of their text. */
export const rowsAt = (tx: Transaction, { study, series, instance }: ArchivePath) =>
  tx.rows<{ id: number; seriesRow: number; studyRow: number; bytes: number; held: number }>(
    `SELECT i.id, i.series_row AS "seriesRow", i.study_row AS "studyRow", i.bytes, octet_length(i.metadata) AS held
       FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row
      WHERE s.study_instance_uid = $1 AND ($2::text IS NULL OR se.series_instance_uid = $2) AND ($3::text IS NULL OR i.sop_instance_uid = $3)`,
    [study, series ?? null, instance ?? null],
    'archive.rows-at',
  );

export const insertDeletion = async (
  tx: Transaction,
  one: { readonly level: string; readonly studyInstanceUID: string; readonly deletedBy: string; readonly reason: string },
): Promise<number> =>
  (
    await tx.rows<{ id: number }>(
      `INSERT INTO deletion (level, study_instance_uid, deleted_by, reason) VALUES ($1, $2, $3, $4) RETURNING id`,
      [one.level, one.studyInstanceUID, one.deletedBy, one.reason],
    )
  )[0].id;

/** Copies the study and the series that instances go from; they themselves go when nothing is left in them. */
export async function copyParents(tx: Transaction, deletion: number, studyRow: number, seriesRows: readonly number[]): Promise<void> {
  await tx.run(
    `INSERT INTO deleted_study (deletion, id, study_instance_uid, content)
     SELECT $1, s.id, s.study_instance_uid, to_jsonb(s) FROM study s WHERE s.id = $2`,
    [deletion, studyRow],
  );
  await tx.run(
    `INSERT INTO deleted_series (deletion, id, series_instance_uid, content)
     SELECT $1, s.id, s.series_instance_uid, to_jsonb(s) FROM series s WHERE s.id = ANY($2::bigint[])`,
    [deletion, seriesRows],
  );
}

/** Takes instances out of the index and keeps their rows. */
export const moveInstances = (tx: Transaction, deletion: number, rows: readonly number[]) =>
  tx.run(
    `WITH gone AS (DELETE FROM instance i WHERE i.id = ANY($2::bigint[]) RETURNING i.*)
     INSERT INTO deleted_instance (id, deletion, series_row, sop_instance_uid, sha256, bytes, content)
     SELECT g.id, $1, g.series_row, g.sop_instance_uid, g.sha256, g.bytes, to_jsonb(g) FROM gone g`,
    [deletion, rows],
  );

/**
 * Removes series and the study where no instance is left in them. The last step of every move in either direction: what
 * study and series rows hold of their instances (revision, counts, modalities) is made again here.
 */
export async function removeEmpty(tx: Transaction, studyRow: number, seriesRows: readonly number[]): Promise<void> {
  await tx.run(`DELETE FROM series s WHERE s.id = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.series_row = s.id)`, [
    seriesRows,
  ]);
  await tx.run(`DELETE FROM study s WHERE s.id = $1 AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.study_row = s.id)`, [studyRow]);
  await recountStudies(tx, [studyRow]);
}

const DELETION = `SELECT d.id, d.level, d.study_instance_uid AS "studyInstanceUID", d.deleted_by AS "deletedBy", d.reason, d.deleted_at AS "deletedAt",
  (SELECT count(*)::int FROM deleted_instance i WHERE i.deletion = d.id) AS instances,
  (SELECT coalesce(sum(i.bytes), 0)::bigint FROM deleted_instance i WHERE i.deletion = d.id) AS bytes FROM deletion d`;
type Row = DeletionRow & Record<string, unknown>;

/** Deletions that can be taken back, newest first; of one study where it is named. */
export const deletions = (tx: Transaction, studyInstanceUID: string | undefined, limit: number) =>
  tx.rows<Row>(`${DELETION} WHERE ($1::text IS NULL OR d.study_instance_uid = $1) ORDER BY d.id DESC LIMIT $2`, [
    studyInstanceUID ?? null,
    limit,
  ]);

/** One deletion, locked: neither restored nor purged by another meanwhile. */
export const lockDeletion = async (tx: Transaction, id: number): Promise<DeletionRow | undefined> =>
  (await tx.rows<Row>(`${DELETION} WHERE d.id = $1 FOR UPDATE OF d`, [id]))[0];

/** The study as it was when it was last deleted, by its row; purged ones are gone. */
export const deletedStudy = async (tx: Transaction, studyRow: number) =>
  (
    await tx.rows<{ studyInstanceUID: string; attributes: string }>(
      `SELECT d.study_instance_uid AS "studyInstanceUID", d.content ->> 'attributes' AS attributes FROM deleted_study d
        WHERE d.id = $1 ORDER BY d.deletion DESC LIMIT 1`,
      [studyRow],
    )
  )[0];

/** True for bytes that are deleted, can be restored, and do not live again. */
export const isDeleted = async (
  tx: Transaction,
  { sopInstanceUID, sha256 }: { readonly sopInstanceUID: string; readonly sha256: string },
) =>
  (
    await tx.rows(
      `SELECT 1 FROM deleted_instance d WHERE d.sop_instance_uid = $1 AND d.sha256 = decode($2, 'hex')
          AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.sop_instance_uid = $1)`,
      [sopInstanceUID, sha256],
    )
  ).length > 0;

/** Removes a deletion and all it held. */
export async function forgetDeletion(tx: Transaction, id: number): Promise<void> {
  await tx.run(`DELETE FROM deleted_instance WHERE deletion = $1`, [id]);
  await tx.run(`DELETE FROM deleted_series WHERE deletion = $1`, [id]);
  await tx.run(`DELETE FROM deleted_study WHERE deletion = $1`, [id]);
  await tx.run(`DELETE FROM deletion WHERE id = $1`, [id]);
}

/** Rows of the studies that a deletion took something of. */
export const studiesOfDeletion = async (tx: Transaction, deletion: number): Promise<number[]> =>
  (await tx.rows<{ id: number }>(`SELECT id FROM deleted_study WHERE deletion = $1`, [deletion])).map(({ id }) => id);

/** Whose studies are that were deleted, and are not purged. */
export const whoseDeletedStudies = (tx: Transaction, rows: readonly number[]) =>
  tx.rows<{ whose: Whose }>(
    `SELECT ${whoseSql('s')} AS whose FROM (
       SELECT d.study_instance_uid, d.content ->> 'patient_id' AS patient_id, d.content ->> 'attributes' AS attributes
         FROM deleted_study d WHERE d.id = ANY($1)) AS s`,
    [rows],
    'archive.whose-deleted-studies',
  );

/** Marks the objects of a deletion for removal; the rows of the deletion go in the same transaction. */
export const doomObjects = (tx: Transaction, deletion: number) =>
  tx.run(`INSERT INTO doomed_object (sha256) SELECT d.sha256 FROM deleted_instance d WHERE d.deletion = $1 ON CONFLICT DO NOTHING`, [
    deletion,
  ]);

/** Objects to be removed: SHA-256, 64 hex digits. */
export const doomedObjects = async (tx: Transaction, limit: number): Promise<string[]> =>
  (await tx.rows<{ sha256: string }>(`SELECT encode(sha256, 'hex') AS sha256 FROM doomed_object ORDER BY sha256 LIMIT $1`, [limit])).map(
    ({ sha256 }) => sha256,
  );
