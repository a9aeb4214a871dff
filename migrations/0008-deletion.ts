import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: what is deleted leaves the tables that are searched, so that no search needs a condition for it, and can come back
 *  until it is purged. Rows are kept whole as JSON by their columns' names: a later
 *  column that must not be null is added to them by its migration. Locks nothing: the
 *  tables are new. Back: refused while something could still be restored. */
export class Deletions implements MigrationInterface {
  readonly name = 'deletion-0000000000008';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE deletion (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        level text NOT NULL,
        study_instance_uid text NOT NULL,
        deleted_by text NOT NULL,
        reason text NOT NULL,
        deleted_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT deletion_key PRIMARY KEY (id))`);
    await db.query('CREATE INDEX deletion_by_study ON deletion (study_instance_uid)');
    await db.query(`
      CREATE TABLE deleted_study (
        deletion bigint NOT NULL,
        id bigint NOT NULL,
        study_instance_uid text NOT NULL,
        content jsonb NOT NULL,
        CONSTRAINT deleted_study_key PRIMARY KEY (deletion, id))`);
    await db.query('CREATE INDEX deleted_study_row ON deleted_study (id)');
    await db.query(`
      CREATE TABLE deleted_series (
        deletion bigint NOT NULL,
        id bigint NOT NULL,
        series_instance_uid text NOT NULL,
        content jsonb NOT NULL,
        CONSTRAINT deleted_series_key PRIMARY KEY (deletion, id))`);
    await db.query(`
      CREATE TABLE deleted_instance (
        id bigint NOT NULL,
        deletion bigint NOT NULL,
        series_row bigint NOT NULL,
        sop_instance_uid text NOT NULL,
        sha256 bytea NOT NULL,
        bytes bigint NOT NULL,
        content jsonb NOT NULL,
        CONSTRAINT deleted_instance_key PRIMARY KEY (id))`);
    await db.query('CREATE INDEX deleted_instance_of ON deleted_instance (deletion, id)');
    await db.query('CREATE INDEX deleted_instance_uid ON deleted_instance (sop_instance_uid)');
    await db.query(`
      CREATE TABLE doomed_object (
        sha256 bytea NOT NULL,
        sop_instance_uid text NOT NULL,
        CONSTRAINT doomed_object_key PRIMARY KEY (sha256))`);
  }

  async down(db: QueryRunner): Promise<void> {
    const [{ left }] = await db.query('SELECT count(*)::int AS left FROM deleted_instance');
    if (left > 0) throw new Error('There are deleted instances that could still be restored: purge or restore them first.');
    await db.query('DROP TABLE doomed_object, deleted_instance, deleted_series, deleted_study, deletion');
  }
}
