import type { QueryRunner } from 'typeorm';

/**
 * Makes a table one of an organisation's own rows that are added and never changed: row-level security as every such table has it
 * (0021), rights to look and to add alone, and triggers that refuse the rest to the owner too.
 */
export async function secureAppendOnly(db: QueryRunner, table: string): Promise<void> {
  await db.query(`
    CREATE OR REPLACE FUNCTION evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege'; END $$`);
  await db.query(`CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION evidence_is_append_only()`);
  await db.query(
    `CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION evidence_is_append_only()`,
  );
  await db.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`);
  await db.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only_whole`);
  await db.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await db.query(`CREATE POLICY own_rows ON ${table} TO wetread_tenant USING (tenant = (SELECT acting_tenant()))`);
  await db.query(`GRANT SELECT, INSERT ON ${table} TO wetread_tenant`);
}
