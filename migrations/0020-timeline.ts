import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: what apps ask most is a patient's latest reports or observations of a status; each resource's patient, status and date
 * lie beside its text, so that one walk along one index answers it. Locks: `resource`, while its columns are added. The columns
 * are filled when the server starts (`resource.indexed`), with the index, which has each code of an Observation once now.
 * Back: drops the columns; the index is made again.
 */
export class Timelines implements MigrationInterface {
  readonly name = 'timeline-0000000000020';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE resource ADD COLUMN patient text COLLATE "C", ADD COLUMN status text COLLATE "C", ADD COLUMN dated timestamptz',
    );
    await db.query(
      'CREATE INDEX resource_timeline ON resource (type, patient, status, dated, no) WHERE patient IS NOT NULL AND NOT deleted',
    );
    await db.query('UPDATE resource SET indexed = false');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE resource DROP COLUMN patient, DROP COLUMN status, DROP COLUMN dated');
    await db.query('UPDATE resource SET indexed = false');
  }
}
