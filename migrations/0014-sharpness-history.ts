import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: an image's sharpness says little by itself; against the site's earlier images it tells motion and blur. A running
 *  summary and not a query over all readings, whose results are large and have no modality or station. Locks nothing: the table
 *  is new. Back: drops it; the summaries begin anew. */
export class SharpnessHistories implements MigrationInterface {
  readonly name = 'sharpness-history-0000000000014';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE sharpness_history (
        model_sha256 text NOT NULL,
        modality text NOT NULL,
        station text NOT NULL,
        images bigint NOT NULL,
        mean double precision NOT NULL,
        m2 double precision NOT NULL,
        CONSTRAINT sharpness_history_key PRIMARY KEY (model_sha256, modality, station))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE sharpness_history');
  }
}
