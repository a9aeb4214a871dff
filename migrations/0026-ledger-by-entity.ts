import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: who did what to a study or a report, and who looked at it, is asked for by what it is about; without an index that reads
 *  the whole ledger. By the text, not by JSON: a record that somebody broke must not stop the index, and this costs a record some
 *  microseconds, others than those of studies and reports next to nothing. What stands behind `"entity"`, split at its quotation
 *  marks, has the type as its 4th and the id as its 8th part. Locks `ledger_record` against writes while the index is built: some
 *  seconds a million records. Back: drops the index. */
export class LedgerByEntity implements MigrationInterface {
  readonly name = 'ledger-by-entity-0000000000026';

  async up(db: QueryRunner): Promise<void> {
    const part = (n: number): string => `split_part(split_part(event, '"entity"', 2), '"', ${n})`;
    await db.query(
      `CREATE INDEX ledger_record_by_entity ON ledger_record ((${part(4)} || '/' || ${part(8)}), id)
        WHERE ${part(4)} IN ('study', 'series', 'instance', 'ImagingStudy', 'report', 'DiagnosticReport')`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX ledger_record_by_entity');
  }
}
