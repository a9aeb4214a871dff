import type { Transaction } from '../database/transaction.js';

/**
 * Puts the study of a deletion back under its old row unless one of that UID lives; answers its row now. It comes as it was when
 * the last of it was deleted: attributes may have been changed since this deletion.
 */
export async function restoreStudy(tx: Transaction, deletion: number): Promise<number> {
  await tx.run(
    `INSERT INTO study OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::study, last.content)).* FROM deleted_study d
       JOIN LATERAL (SELECT l.content FROM deleted_study l WHERE l.id = d.id ORDER BY l.deletion DESC LIMIT 1) AS last ON true
      WHERE d.deletion = $1 ON CONFLICT (study_instance_uid, tenant) DO NOTHING`,
    [deletion],
  );
  const [{ id }] = await tx.rows<{ id: number }>(
    `SELECT s.id FROM study s JOIN deleted_study d USING (study_instance_uid) WHERE d.deletion = $1`,
    [deletion],
  );
  return id;
}

/** Puts the series of a deletion back into the study's row of now, unless they live in it: as they were when the last of them was deleted. */
export const restoreSeries = (tx: Transaction, deletion: number, studyRow: number) =>
  tx.run(
    `INSERT INTO series OVERRIDING SYSTEM VALUE
     SELECT (jsonb_populate_record(NULL::series, last.content || jsonb_build_object('study_row', $2::bigint))).* FROM deleted_series d
       JOIN LATERAL (SELECT l.content FROM deleted_series l JOIN deletion own ON own.id = l.deletion
                      WHERE l.id = d.id AND own.study_instance_uid = (SELECT study_instance_uid FROM deletion WHERE id = $1)
                      ORDER BY l.deletion DESC LIMIT 1) AS last ON true
      WHERE d.deletion = $1 ON CONFLICT (study_row, series_instance_uid) DO NOTHING`,
    [deletion, studyRow],
  );

/** The rows of a deletion; `held` is about the length of their text. */
export const rowsOfDeletion = (tx: Transaction, deletion: number) =>
  tx.rows<{ id: number; held: number }>(
    `SELECT id, 4 * pg_column_size(content) AS held FROM deleted_instance WHERE deletion = $1 ORDER BY id`,
    [deletion],
  );

/** Puts those of the instances back whose UID is free; answers how many. The others stay deleted. */
export const restoreInstances = (tx: Transaction, deletion: number, studyRow: number, rows: readonly number[]) =>
  tx.run(
    `INSERT INTO instance OVERRIDING SYSTEM VALUE
     SELECT (jsonb_populate_record(NULL::instance,
              i.content || jsonb_build_object('study_row', $2::bigint, 'series_row', se.id))).*
       FROM deleted_instance i
       JOIN deleted_series d ON d.deletion = i.deletion AND d.id = i.series_row
       JOIN series se ON se.study_row = $2 AND se.series_instance_uid = d.series_instance_uid
      WHERE i.deletion = $1 AND i.id = ANY($3::bigint[]) ON CONFLICT (sop_instance_uid, tenant) DO NOTHING`,
    [deletion, studyRow, rows],
  );

/** Forgets deleted instances of which the very bytes live; answers how many of the deletion are left: their UIDs hold others. */
export async function dropRestored(tx: Transaction, deletion: number): Promise<number> {
  await tx.run(
    `DELETE FROM deleted_instance d WHERE d.deletion = $1
        AND EXISTS (SELECT 1 FROM instance i WHERE i.sop_instance_uid = d.sop_instance_uid AND i.sha256 = d.sha256)`,
    [deletion],
  );
  const [{ left }] = await tx.rows<{ left: number }>(`SELECT count(*)::int AS left FROM deleted_instance WHERE deletion = $1`, [deletion]);
  return left;
}
