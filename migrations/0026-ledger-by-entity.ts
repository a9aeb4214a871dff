import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: who did what to a study, and who looked at it, is asked for by the study; without an index that reads the whole ledger.
 *  Locks `ledger_record` against writes while the index is built: some seconds a million records. Back: drops the index. */
export class LedgerByEntity implements MigrationInterface {
  readonly name = 'ledger-by-entity-0000000000026';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `CREATE INDEX ledger_record_by_entity ON ledger_record ((event::json #>> '{entity,type}'), (event::json #>> '{entity,id}'), id)`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX ledger_record_by_entity');
  }
}
