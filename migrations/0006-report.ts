import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: one report for a study and a model version; the unique key decides, not a check before. Locks nothing: the table
 *  is new. Back: drops it; the FHIR resources stay. */
export class Reports implements MigrationInterface {
  readonly name = 'report-0000000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE report (
        id text NOT NULL,
        study_row bigint NOT NULL,
        model_name text NOT NULL,
        model_version text NOT NULL,
        model_sha256 text NOT NULL,
        status text NOT NULL,
        version integer NOT NULL,
        issued timestamptz NOT NULL,
        readings_digest text NOT NULL,
        conclusion text NOT NULL,
        findings jsonb NOT NULL,
        CONSTRAINT report_key PRIMARY KEY (id))`);
    await db.query('CREATE UNIQUE INDEX report_once ON report (study_row, model_name, model_version)');
    await db.query('CREATE INDEX report_by_issue ON report (issued, id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE report');
  }
}
