import type { Transaction } from '../database/transaction.js';
import type { SharpnessHistory, SharpnessSource } from './sharpness-history.js';

/** What is known of earlier images; of none, nothing. */
export const sharpnessHistory = async (tx: Transaction, { modelSha256, modality, station }: SharpnessSource): Promise<SharpnessHistory> => {
  const [found] = await tx.rows<SharpnessHistory & Record<string, unknown>>(
    `SELECT images, mean, m2 FROM sharpness_history WHERE model_sha256 = $1 AND modality = $2 AND station = $3`,
    [modelSha256, modality, station],
    'inference.sharpness-history',
  );
  return found ?? { images: 0, mean: 0, m2: 0 };
};

/**
 * Adds images to their histories; two summaries become one by Chan's formula. In the order of the keys, so that two
 * transactions never wait for each other.
 */
export const addSharpness = (tx: Transaction, added: readonly (SharpnessSource & SharpnessHistory)[]) =>
  tx.run(
    `INSERT INTO sharpness_history AS kept (model_sha256, modality, station, images, mean, m2)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::float8[], $6::float8[]) ORDER BY 1, 2, 3
     ON CONFLICT (model_sha256, modality, station, tenant) DO UPDATE SET
       images = kept.images + excluded.images,
       mean = kept.mean + (excluded.mean - kept.mean) * excluded.images / (kept.images + excluded.images),
       m2 = kept.m2 + excluded.m2 + (excluded.mean - kept.mean) ^ 2 * kept.images * excluded.images / (kept.images + excluded.images)`,
    [
      added.map((one) => one.modelSha256),
      added.map((one) => one.modality),
      added.map((one) => one.station),
      added.map((one) => one.images),
      added.map((one) => one.mean),
      added.map((one) => one.m2),
    ],
    'inference.add-sharpness',
  );
