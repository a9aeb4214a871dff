import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: what was asked to be exported, and as of when; the resources themselves are read when they are fetched. Locks nothing:
 *  the table is new. Back: drops it; whoever exports asks again. */
export class BulkExport implements MigrationInterface {
  readonly name = 'bulk-export-0000000000016';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE export_job (
        id text NOT NULL,
        request text NOT NULL,
        asked jsonb NOT NULL,
        transaction_time timestamptz NOT NULL,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        output jsonb,
        CONSTRAINT export_job_key PRIMARY KEY (id))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE export_job');
  }
}
