import type { Transaction } from '../../database/transaction.js';

type Row<T> = T & Record<string, unknown>;

export interface CaseTableRow {
  readonly caseKey: string;
  readonly patientKey: string;
  readonly truth: 0 | 1;
  readonly site: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly sex: string;
  readonly stratum: string;
  readonly ageYears: number | null;
}

/** The cases of a study with their frozen truth. */
export const casesWithTruth = (tx: Transaction, study: string) =>
  tx.rows<Row<CaseTableRow>>(
    `SELECT c.case_key AS "caseKey", c.patient_key AS "patientKey", t.truth, c.site, c.manufacturer, c.model, c.sex, c.stratum, c.age_years AS "ageYears"
       FROM validation_case c JOIN validation_truth t ON t.study = $1 AND t.case_key = c.case_key
      WHERE c.dataset = validation_dataset_of($1) ORDER BY c.case_key`,
    [study],
  );

export interface PredictionRow {
  readonly caseKey: string;
  readonly score: number | null;
  readonly error: string;
  readonly inputSha256: string;
  readonly outputSha256: string;
  readonly milliseconds: number;
  readonly provider: string;
  readonly at: Date;
}

export const predictionsOf = (tx: Transaction, study: string) =>
  tx.rows<Row<PredictionRow>>(
    `SELECT case_key AS "caseKey", score, error, input_sha256 AS "inputSha256", output_sha256 AS "outputSha256", milliseconds, provider, at
       FROM validation_prediction WHERE study = $1 ORDER BY case_key`,
    [study],
  );

export interface FreezeRow {
  readonly content: string;
  readonly sha256: string;
  readonly at: Date;
  readonly madeBy: string;
}

/** What the digests of the freeze and of the reference standard were salted with: told once the study is open. */
export const saltsOf = async (tx: Transaction, study: string): Promise<{ freeze: string; reference: string } | undefined> =>
  (
    await tx.rows<{ freeze: string; reference: string }>(
      'SELECT f.salt AS freeze, r.salt AS reference FROM validation_freeze f JOIN validation_reference r USING (study) WHERE study = $1',
      [study],
    )
  )[0];

export const freezeOf = async (tx: Transaction, study: string): Promise<FreezeRow | undefined> =>
  (await tx.rows<Row<FreezeRow>>('SELECT content, sha256, at, made_by AS "madeBy" FROM validation_freeze WHERE study = $1', [study]))[0];

export interface AnalysisRow {
  readonly number: number;
  readonly kind: 'primary' | 'post-hoc';
  readonly protocolVersion: number;
  readonly protocolSha256: string;
  readonly plan: string;
  readonly inputsSha256: string;
  readonly content: string;
  readonly sha256: string;
  readonly software: string;
  readonly at: Date;
  readonly madeBy: string;
}

export const analysesOf = (tx: Transaction, study: string) =>
  tx.rows<Row<AnalysisRow>>(
    `SELECT number, kind, protocol_version AS "protocolVersion", protocol_sha256 AS "protocolSha256", plan, inputs_sha256 AS "inputsSha256",
            content, sha256, software, at, made_by AS "madeBy"
       FROM validation_analysis WHERE study = $1 ORDER BY number`,
    [study],
  );
