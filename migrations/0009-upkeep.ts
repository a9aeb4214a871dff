import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: the scrubber goes on where it was, what it found damaged stays on view, and a retention run deletes exactly what its
 *  dry run listed. Locks nothing: the tables are new. Back: drops them; the next round and the next dry run find it all again. */
export class Upkeep implements MigrationInterface {
  readonly name = 'upkeep-0000000000009';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE scrub_progress (
        id integer NOT NULL,
        round integer NOT NULL DEFAULT 1,
        round_began timestamptz NOT NULL DEFAULT now(),
        next_round_at timestamptz NOT NULL DEFAULT now(),
        after_row bigint NOT NULL DEFAULT 0,
        objects bigint NOT NULL DEFAULT 0,
        bytes bigint NOT NULL DEFAULT 0,
        holder uuid,
        lease_until timestamptz,
        CONSTRAINT scrub_progress_key PRIMARY KEY (id))`);
    await db.query('INSERT INTO scrub_progress (id) VALUES (1)');
    await db.query(`
      CREATE TABLE damaged_object (
        sha256 bytea NOT NULL,
        instance_row bigint NOT NULL,
        what text NOT NULL,
        found_at timestamptz NOT NULL DEFAULT now(),
        seen_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT damaged_object_key PRIMARY KEY (sha256))`);
    await db.query(`
      CREATE TABLE retention_run (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        rules text NOT NULL,
        prepared_at timestamptz NOT NULL DEFAULT now(),
        executed_at timestamptz,
        CONSTRAINT retention_run_key PRIMARY KEY (id))`);
    await db.query(`
      CREATE TABLE retention_choice (
        run bigint NOT NULL,
        study_row bigint NOT NULL,
        study_instance_uid text NOT NULL,
        instances integer NOT NULL,
        bytes bigint NOT NULL,
        outcome text,
        CONSTRAINT retention_choice_key PRIMARY KEY (run, study_row))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE retention_choice, retention_run, damaged_object, scrub_progress');
  }
}
