import type { Transaction } from '../../database/transaction.js';
import type { CaseToRead } from '../runs/case-result.js';

type Row<T> = T & Record<string, unknown>;

export interface RunRow {
  readonly id: string;
  readonly study: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly onnxSha256: string;
  readonly cardSha256: string;
  readonly software: string;
  readonly config: string;
  readonly at: Date;
  readonly madeBy: string;
}

const RUN = `id, study, model_name AS "modelName", model_version AS "modelVersion", onnx_sha256 AS "onnxSha256", card_sha256 AS "cardSha256",
  software, config, at, made_by AS "madeBy"`;

export const runOf = async (tx: Transaction, study: string): Promise<RunRow | undefined> =>
  (await tx.rows<Row<RunRow>>(`SELECT ${RUN} FROM validation_run WHERE study = $1`, [study]))[0];

/** The same by its own id. */
export const runById = async (tx: Transaction, id: string): Promise<RunRow | undefined> =>
  (await tx.rows<Row<RunRow>>(`SELECT ${RUN} FROM validation_run WHERE id = $1`, [id]))[0];

/** Cases that the run has no answer for, in the manifest's order. A case's id is its instance's row: an instance is in a dataset once. */
export const unreadCases = (tx: Transaction, study: string, limit: number) =>
  tx.rows<Row<CaseToRead>>(
    `SELECT instance_row AS "caseId", case_key AS "caseKey", instance_row AS "instanceRow", file_sha256 AS "fileSha256"
       FROM validation_case c WHERE dataset = validation_dataset_of($1)
        AND NOT EXISTS (SELECT FROM validation_prediction p WHERE p.study = $1 AND p.case_key = c.case_key)
      ORDER BY case_key LIMIT $2`,
    [study, limit],
    'evidence.unread-cases',
  );

/** Of these cases the ones that have an answer. */
export const answeredCases = async (tx: Transaction, study: string, keys: readonly string[]): Promise<Set<string>> =>
  new Set(
    (
      await tx.rows<{ key: string }>('SELECT case_key AS key FROM validation_prediction WHERE study = $1 AND case_key = ANY ($2)', [
        study,
        keys,
      ])
    ).map(({ key }) => key),
  );

/** Batches as they were written: how many cases, how many of them failed, and when. */
export const batchesOf = (tx: Transaction, study: string) =>
  tx.rows<{ cases: number; failed: number; at: Date }>(
    `SELECT count(*)::int AS cases, (count(*) FILTER (WHERE error <> ''))::int AS failed, at
       FROM validation_prediction WHERE study = $1 GROUP BY at ORDER BY at`,
    [study],
  );

/** Why the run stopped by itself last, if that was after its last answer. */
export const lastHalt = async (tx: Transaction, study: string): Promise<{ code: string; at: Date } | undefined> =>
  (
    await tx.rows<{ code: string; at: Date }>(
      `SELECT code, at FROM validation_halt WHERE study = $1
          AND at > coalesce((SELECT max(at) FROM validation_prediction WHERE study = $1), '-infinity') ORDER BY id DESC LIMIT 1`,
      [study],
    )
  )[0];
