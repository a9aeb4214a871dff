import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: every decision and access on record, changed by nobody: the database itself refuses UPDATE, DELETE and TRUNCATE,
 *  to the tables' owner too. Locks nothing: the tables are new. Back: refused while there are records. */
export class Ledger implements MigrationInterface {
  readonly name = 'ledger-0000000000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE ledger_record (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        event text NOT NULL,
        CONSTRAINT ledger_record_key PRIMARY KEY (id))`);
    await db.query(`
      CREATE TABLE ledger_link (
        seq bigint NOT NULL,
        record_id bigint NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT ledger_link_key PRIMARY KEY (seq))`);
    await db.query('CREATE UNIQUE INDEX ledger_link_record ON ledger_link (record_id)');
    await db.query(`
      CREATE TABLE ledger_unlinked (
        record_id bigint NOT NULL,
        CONSTRAINT ledger_unlinked_key PRIMARY KEY (record_id)) WITH (autovacuum_vacuum_scale_factor = 0.01)`);
    await db.query(`
      CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END $$`);
    for (const table of ['ledger_record', 'ledger_link']) {
      await db.query(
        `CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()`,
      );
      await db.query(
        `CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()`,
      );
      await db.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`);
      await db.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only_whole`);
      await db.query(`REVOKE UPDATE, DELETE, TRUNCATE ON ${table} FROM PUBLIC`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    const [{ records }] = await db.query('SELECT count(*)::int AS records FROM ledger_record');
    if (records > 0) throw new Error('The ledger holds records: it is not dropped.');
    await db.query('DROP TABLE ledger_unlinked, ledger_link, ledger_record');
    await db.query('DROP FUNCTION ledger_is_append_only');
  }
}
