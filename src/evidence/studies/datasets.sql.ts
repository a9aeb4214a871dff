import type { Slice } from '../../database/slice.js';
import { inOrder } from '../../database/slice.js';
import type { Transaction } from '../../database/transaction.js';
import type { DatasetFile, ManifestItem } from '../contents/study-file.js';

type Row<T> = T & Record<string, unknown>;

export interface DatasetRow {
  readonly id: string;
  readonly name: string;
  readonly purpose: DatasetFile['purpose'];
  readonly manifestSha256: string;
  readonly useLimit: number;
  /** JSON: DatasetDetails. */
  readonly details: string;
  readonly cases: number;
  readonly at: Date;
  readonly madeBy: string;
}

/** How the cases were chosen, and what was found of them. */
export type DatasetDetails = Pick<DatasetFile, 'selection' | 'leakage' | 'duplicates' | 'missingness'>;

const DATASET = `d.id, d.name, d.purpose, d.manifest_sha256 AS "manifestSha256", d.use_limit AS "useLimit", d.details, d.at, d.made_by AS "madeBy",
  (SELECT count(*) FROM validation_case c WHERE c.dataset = d.id)::int AS cases`;

export const datasetOf = async (tx: Transaction, id: string): Promise<DatasetRow | undefined> =>
  (await tx.rows<Row<DatasetRow>>(`SELECT ${DATASET} FROM validation_dataset d WHERE d.id = $1`, [id]))[0];

/** The dataset that a study's protocol names. */
export const datasetOfStudy = async (tx: Transaction, study: string): Promise<DatasetRow | undefined> =>
  (await tx.rows<Row<DatasetRow>>(`SELECT ${DATASET} FROM validation_dataset d WHERE d.id = validation_dataset_of($1)`, [study]))[0];

/** Newest first. */
export async function datasetPage(tx: Transaction, slice: Slice<string>): Promise<DatasetRow[]> {
  const rows = await tx.rows<Row<DatasetRow>>(
    `SELECT ${DATASET} FROM validation_dataset d
      WHERE ($1::uuid IS NULL OR (d.at, d.id) < (SELECT at, id FROM validation_dataset WHERE id = $1))
        AND ($2::uuid IS NULL OR (d.at, d.id) > (SELECT at, id FROM validation_dataset WHERE id = $2))
      ORDER BY d.at ${slice.backwards ? 'ASC' : 'DESC'}, d.id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT $3`,
    [slice.after ?? null, slice.before ?? null, slice.limit],
  );
  return inOrder(rows, slice);
}

/** The lines of a manifest, in their order. */
export const manifestItems = (tx: Transaction, dataset: string) =>
  tx.rows<Row<ManifestItem>>(
    `SELECT case_key AS "caseKey", patient_key AS "patientKey", instance_hash AS "instanceHash", file_sha256 AS "fileSha256",
            pixel_sha256 AS "pixelSha256", perceptual_hash AS "perceptualHash", site, manufacturer, model, age_years AS "ageYears", sex, stratum,
            times_used_before AS "timesUsedBefore"
       FROM validation_case WHERE dataset = $1 ORDER BY case_key`,
    [dataset],
  );

/** In how many locked studies pixels were tested before. */
export const usesOf = (tx: Transaction, pixels: readonly string[]) =>
  tx.rows<{ pixelSha256: string; times: number }>(
    `SELECT pixel_sha256 AS "pixelSha256", count(*)::int AS times FROM validation_use WHERE pixel_sha256 = ANY ($1) GROUP BY 1`,
    [pixels],
  );
