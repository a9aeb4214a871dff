import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: what apps ask most is a patient's latest reports or observations of a status; each resource's patient, status and date
 * lie beside its text, so that one walk along one index answers it; and the index has each code of an Observation once. Which form
 * of the index a resource is in is said by a number now, so that a server of another version cannot pass its own off as ours:
 * older ones that still run cannot write any more. Locks: `resource`, while its columns are added. The columns and the index are
 * filled when the server starts. Back: drops the columns; the index is made again.
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
    await db.query('ALTER TABLE resource DROP COLUMN indexed, ADD COLUMN index_form integer NOT NULL DEFAULT 0'); // takes resource_to_index along
    await db.query('CREATE INDEX resource_to_index ON resource (no) WHERE index_form <> 2');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE resource DROP COLUMN patient, DROP COLUMN status, DROP COLUMN dated, DROP COLUMN index_form');
    await db.query('ALTER TABLE resource ADD COLUMN indexed boolean NOT NULL DEFAULT false');
    await db.query('CREATE INDEX resource_to_index ON resource (no) WHERE NOT indexed');
  }
}
