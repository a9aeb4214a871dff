import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: a person reviews a report, and what was signed is not written over when more of the study is read: that makes a report
 *  of the next cycle. Locks `report` for the new index. Back: of several cycles of a report only the last is kept here; the FHIR
 *  resources of all stay. */
export class Reviews implements MigrationInterface {
  readonly name = 'review-0000000000018';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE report ADD COLUMN cycle integer NOT NULL DEFAULT 1, ADD COLUMN reviewed timestamptz');
    await db.query('ALTER TABLE report ALTER COLUMN cycle DROP DEFAULT');
    await db.query('CREATE UNIQUE INDEX report_once_a_cycle ON report (study_row, model_name, model_version, cycle)');
    await db.query('DROP INDEX report_once');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      `DELETE FROM report r USING report later WHERE r.study_row = later.study_row AND r.model_name = later.model_name
          AND r.model_version = later.model_version AND r.cycle < later.cycle`,
    );
    await db.query('CREATE UNIQUE INDEX report_once ON report (study_row, model_name, model_version)');
    await db.query('DROP INDEX report_once_a_cycle');
    await db.query('ALTER TABLE report DROP COLUMN cycle, DROP COLUMN reviewed');
  }
}
