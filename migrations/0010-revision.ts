import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: an answer needs a validator (RFC 9110 8.8) without being made first, and attributes can change after their instance came.
 *  `instance.revision` rises with every change of its attributes, `study.revision` whenever an instance in it comes, goes or is
 *  changed. Locks study and instance for milliseconds (constant defaults). Back: the columns go, and with them nothing that
 *  is not rebuilt by the next change. */
export class Revision implements MigrationInterface {
  readonly name = 'revision-0000000000010';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE study ADD COLUMN revision bigint NOT NULL DEFAULT 0');
    await db.query('ALTER TABLE study ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now()');
    await db.query('ALTER TABLE instance ADD COLUMN revision integer NOT NULL DEFAULT 0');
    await db.query('ALTER TABLE instance ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now()');
    // A study's metadata are read at one go: LZ4 unpacks them several times faster. A Postgres built without it stays as it is.
    await db.query(`
      DO $$ BEGIN
        ALTER TABLE instance ALTER COLUMN metadata SET COMPRESSION lz4;
      EXCEPTION WHEN feature_not_supported THEN NULL;
      END $$`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE instance DROP COLUMN changed_at, DROP COLUMN revision');
    await db.query('ALTER TABLE study DROP COLUMN changed_at, DROP COLUMN revision');
  }
}
