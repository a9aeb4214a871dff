import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: what each model version made of each instance, once. Locks nothing: the table is new. Back: drops it; studies
 *  can be read again. */
export class Readings implements MigrationInterface {
  readonly name = 'reading-0000000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE reading (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        study_row bigint NOT NULL,
        instance_row bigint NOT NULL,
        model_name text NOT NULL,
        model_version text NOT NULL,
        model_sha256 text NOT NULL,
        state text NOT NULL,
        reason_code text,
        reason text,
        result jsonb,
        map_rows integer,
        map_columns integer,
        map_values bytea,
        made_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT reading_key PRIMARY KEY (id))`);
    await db.query('CREATE UNIQUE INDEX reading_once ON reading (instance_row, model_name, model_version, model_sha256)');
    await db.query('CREATE INDEX reading_by_study ON reading (study_row, model_name, model_version)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE reading');
  }
}
