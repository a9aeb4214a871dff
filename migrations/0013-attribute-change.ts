import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: what was changed of a study or series holds for its instances that come later too, so it is kept beside its row. In the
 *  row, not in a table of its own: it goes, comes back and is purged with the study. Locks study and series for milliseconds
 *  (nullable columns). Back: the columns go; changed attributes stay changed, later instances come as they are. */
export class AttributeChanges implements MigrationInterface {
  readonly name = 'attribute-change-0000000000013';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE study ADD COLUMN change text');
    await db.query('ALTER TABLE series ADD COLUMN change text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE series DROP COLUMN change');
    await db.query('ALTER TABLE study DROP COLUMN change');
  }
}
