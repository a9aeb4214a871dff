import type { Transaction } from '../../database/transaction.js';

type Row<T> = T & Record<string, unknown>;

export interface LabelRow {
  readonly id: number;
  readonly caseKey: string;
  readonly member: string;
  readonly method: string;
  readonly label: 0 | 1 | null;
  readonly source: string;
  readonly adjudicates: boolean;
  readonly at: Date;
}

/** In the order that they were given. */
export const labelsOf = (tx: Transaction, study: string) =>
  tx.rows<Row<LabelRow>>(
    'SELECT id, case_key AS "caseKey", member, method, label, source, adjudicates, at FROM validation_label WHERE study = $1 ORDER BY id',
    [study],
  );

/** The first cases that somebody has not labelled, and how many there are in all. */
export const unlabelledBy = (tx: Transaction, study: string, member: string, most: number) =>
  tx.rows<{ caseKey: string; left: number }>(
    `SELECT case_key AS "caseKey", (count(*) OVER ())::int AS left FROM validation_case c
      WHERE dataset = validation_dataset_of($1) AND NOT EXISTS (SELECT FROM validation_label l WHERE l.study = $1 AND l.case_key = c.case_key AND l.member = $2)
      ORDER BY case_key LIMIT $3`,
    [study, member, most],
  );

export const caseKeysOf = async (tx: Transaction, study: string): Promise<string[]> =>
  (
    await tx.rows<{ key: string }>(
      'SELECT case_key AS key FROM validation_case WHERE dataset = validation_dataset_of($1) ORDER BY case_key',
      [study],
    )
  ).map(({ key }) => key);

/** Keys of a study's cases by the SHA-256 of the SOP Instance UID; images that are no case of it are left out. */
export const caseKeysByInstance = async (tx: Transaction, study: string, hashes: readonly string[]): Promise<Map<string, string>> => {
  const rows = await tx.rows<{ hash: string; key: string }>(
    `SELECT instance_hash AS hash, case_key AS key FROM validation_case WHERE dataset = validation_dataset_of($1) AND instance_hash = ANY ($2)`,
    [study, hashes],
    'evidence.cases-by-instance',
  );
  return new Map(rows.map(({ hash, key }) => [hash, key]));
};

export interface ReferenceRow {
  readonly sha256: string;
  readonly cases: number;
  readonly at: Date;
  readonly madeBy: string;
}

export const referenceOf = async (tx: Transaction, study: string): Promise<ReferenceRow | undefined> =>
  (
    await tx.rows<Row<ReferenceRow>>('SELECT sha256, cases, at, made_by AS "madeBy" FROM validation_reference WHERE study = $1', [study])
  )[0];

export const variablesOf = (tx: Transaction, study: string) =>
  tx.rows<{ caseKey: string; name: string; value: string }>(
    'SELECT case_key AS "caseKey", name, value FROM validation_variable WHERE study = $1 ORDER BY case_key, name',
    [study],
  );

/** A row of the archive that a case's image is in; undefined where the study has no such case. */
export const instanceOfCase = async (tx: Transaction, study: string, caseKey: string): Promise<number | undefined> =>
  (
    await tx.rows<{ row: number }>(
      'SELECT instance_row AS row FROM validation_case WHERE dataset = validation_dataset_of($1) AND case_key = $2',
      [study, caseKey],
      'evidence.instance-of-case',
    )
  )[0]?.row;
