import type { Transaction } from '../../database/transaction.js';

type Row<T> = T & Record<string, unknown>;

export interface PackageRow {
  readonly number: number;
  /** Of tagmanifest-sha512.txt, hex: what is signed. */
  readonly tagSha512: string;
  readonly signedAt: Date;
  /** The last record of the ledger that it may hold. */
  readonly lastRecord: number;
  /** Digest of the study as it was, hex: the same study is the same package. */
  readonly facts: string;
  readonly at: Date;
  readonly madeBy: string;
}

export const packagesOf = (tx: Transaction, study: string) =>
  tx.rows<Row<PackageRow>>(
    `SELECT number, tag_sha512 AS "tagSha512", signed_at AS "signedAt", checkpoint_size AS "lastRecord", facts, at, made_by AS "madeBy"
       FROM validation_package WHERE study = $1 ORDER BY number`,
    [study],
  );

export const outputsOf = (tx: Transaction, study: string) =>
  tx.rows<{ caseKey: string; outputs: string }>(
    `SELECT case_key AS "caseKey", outputs FROM validation_prediction WHERE study = $1 AND outputs <> '' ORDER BY case_key`,
    [study],
  );

/** The ledger's records of the cases that a run read, by case. */
export const recordsOfRun = (tx: Transaction, study: string, run: string) =>
  tx.rows<{ caseKey: string; seq: number }>(
    `SELECT r.event::jsonb #>> '{changes,case}' AS "caseKey", l.seq FROM ledger_record r JOIN ledger_link l ON l.record_id = r.id
      WHERE r.entity_type = 'instance' AND r.event::jsonb ->> 'action' = 'evidence.case-read' AND r.event::jsonb #>> '{changes,run}' = $2
        AND r.entity_id IN (SELECT c.instance_row::text FROM validation_case c WHERE c.dataset = validation_dataset_of($1))`,
    [study, run],
  );

/** What was done with a study and its dataset, and who looked at them, up to a record of the ledger. */
export const recordsOfStudy = (tx: Transaction, ids: readonly string[], last: number) =>
  tx.rows<{ at: Date; actor: string; event: string; seq: number }>(
    `SELECT r.occurred_at AS at, r.actor, r.event, l.seq FROM ledger_record r JOIN ledger_link l ON l.record_id = r.id
      WHERE r.entity_id = ANY ($1) AND r.entity_type IN ('ValidationStudy', 'ValidationDataset') AND l.seq <= $2 ORDER BY l.seq`,
    [ids, last],
  );

/** The ledger's last number. */
export const lastRecord = async (tx: Transaction): Promise<number> =>
  (await tx.rows<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM ledger_link'))[0].seq;
