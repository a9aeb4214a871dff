import type { Transaction } from '../database/transaction.js';
import type { AgingStudy } from './retention-rules.js';

export interface StudyToJudge extends AgingStudy {
  readonly studyRow: number;
  readonly studyInstanceUID: string;
  readonly instances: number;
  readonly bytes: number;
}

/** Studies after a row, with what the rules ask of them. */
export const studiesToJudge = (tx: Transaction, afterRow: number, limit: number) =>
  tx.rows<StudyToJudge & Record<string, unknown>>(
    `SELECT s.id AS "studyRow", s.study_instance_uid AS "studyInstanceUID", s.study_date AS "studyDate", s.stored_at AS "storedAt",
            i.instances, i.bytes, coalesce(i.modalities, '{}') AS modalities
       FROM (SELECT * FROM study WHERE id > $1 ORDER BY id LIMIT $2) s
       CROSS JOIN LATERAL (SELECT count(*)::int AS instances, coalesce(sum(i.bytes), 0)::bigint AS bytes,
                                  array_agg(DISTINCT se.modality) FILTER (WHERE NOT i.derived) AS modalities
                             FROM instance i JOIN series se ON se.id = i.series_row WHERE i.study_row = s.id) i
      ORDER BY s.id`,
    [afterRow, limit],
  );

export const insertRun = async (tx: Transaction, rules: string): Promise<number> =>
  (await tx.rows<{ id: number }>(`INSERT INTO retention_run (rules) VALUES ($1) RETURNING id`, [rules]))[0].id;

export const insertChoices = (tx: Transaction, run: number, studies: readonly StudyToJudge[]) =>
  tx.run(
    `INSERT INTO retention_choice (run, study_row, study_instance_uid, instances, bytes)
     SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::int[], $5::bigint[])`,
    [
      run,
      studies.map((one) => one.studyRow),
      studies.map((one) => one.studyInstanceUID),
      studies.map((one) => one.instances),
      studies.map((one) => one.bytes),
    ],
  );

/** A dry run; its age in days by the database's clock. */
export const retentionRun = async (tx: Transaction, id: number) =>
  (
    await tx.rows<{ rules: string; ageDays: number; executed: boolean }>(
      `SELECT rules, extract(epoch FROM now() - prepared_at)::float8 / 86400 AS "ageDays", executed_at IS NOT NULL AS executed
         FROM retention_run WHERE id = $1`,
      [id],
    )
  )[0];

export interface Choice {
  readonly studyRow: number;
  readonly studyInstanceUID: string;
  readonly instances: number;
  readonly bytes: number;
}

/** What of a dry run is not decided yet. */
export const openChoices = (tx: Transaction, run: number, limit: number) =>
  tx.rows<Choice & Record<string, unknown>>(
    `SELECT study_row AS "studyRow", study_instance_uid AS "studyInstanceUID", instances, bytes FROM retention_choice
      WHERE run = $1 AND outcome IS NULL ORDER BY study_row LIMIT $2`,
    [run, limit],
  );

/** What of a chosen study is in the archive now. */
export const presentState = async (tx: Transaction, studyRow: number) =>
  (
    await tx.rows<{ instances: number; bytes: number }>(
      `SELECT count(*)::int AS instances, coalesce(sum(bytes), 0)::bigint AS bytes FROM instance WHERE study_row = $1`,
      [studyRow],
    )
  )[0];

export const decideChoice = (tx: Transaction, run: number, studyRow: number, outcome: string) =>
  tx.run(`UPDATE retention_choice SET outcome = $3 WHERE run = $1 AND study_row = $2`, [run, studyRow, outcome]);

export const endRun = (tx: Transaction, run: number) => tx.run(`UPDATE retention_run SET executed_at = now() WHERE id = $1`, [run]);
