import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of an organisation's own rows, and those whose rows follow from them. */
const OWN = ['account', 'oauth_client'];
const FOLLOWING: Readonly<Record<string, string>> = {
  // Sessions and grants: of its accounts, and of its apps, whoever used them.
  oidc_state: 'account_id IN (SELECT id::text FROM account) OR client_id IN (SELECT client_id FROM oauth_client)',
  login_attempt: 'username IN (SELECT username FROM account)',
};
/** What administration does there; of the ledger it appends to. */
const RIGHTS: Readonly<Record<string, string>> = {
  account: 'SELECT, INSERT, UPDATE, DELETE',
  oauth_client: 'SELECT, INSERT, UPDATE, DELETE',
  oidc_state: 'SELECT, DELETE',
  login_attempt: 'SELECT, DELETE',
  revoked_token: 'SELECT, INSERT, UPDATE', // marks of tokens, which say nothing of whose they are
  ledger_record: 'SELECT (id), INSERT',
  ledger_unlinked: 'INSERT',
};

/**
 * Why: an organisation's administrators see and change its accounts and apps alone, whatever a statement forgets: Postgres shows a
 * transaction of theirs (role wetread_accounts, setting wetread.tenant) no others. The role that serves patients' data has no right
 * there at all; the issuer, which finds an account before it knows whose it is, goes on as the tables' owner. Locks the tables for
 * milliseconds. Back: drops the policies.
 */
export class AccountRows implements MigrationInterface {
  readonly name = 'account-rows-0000000000025';

  async up(db: QueryRunner): Promise<void> {
    // A role is of the whole cluster: another database's migration may have made it, or makes it now.
    await db.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'wetread_accounts') THEN
          BEGIN CREATE ROLE wetread_accounts NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
        END IF;
        IF current_setting('is_superuser') <> 'on' THEN EXECUTE format('GRANT wetread_accounts TO %I', current_user); END IF;
      END $$`);
    await db.query('GRANT USAGE ON SCHEMA public TO wetread_accounts');
    for (const [table, rights] of Object.entries(RIGHTS)) await db.query(`GRANT ${rights} ON ${table} TO wetread_accounts`);
    for (const table of OWN) {
      await db.query(`ALTER TABLE ${table} ALTER COLUMN tenant SET DEFAULT acting_tenant()`);
      await secure(db, table, 'tenant = (SELECT acting_tenant())');
    }
    for (const [table, whose] of Object.entries(FOLLOWING)) await secure(db, table, whose);
    await db.query('ALTER POLICY own_rows ON ledger_record TO wetread_tenant, wetread_accounts');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER POLICY own_rows ON ledger_record TO wetread_tenant');
    for (const table of [...Object.keys(FOLLOWING), ...OWN]) {
      await db.query(`DROP POLICY own_rows ON ${table}`);
      await db.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
    }
    for (const table of OWN) await db.query(`ALTER TABLE ${table} ALTER COLUMN tenant SET DEFAULT 1`);
    for (const table of Object.keys(RIGHTS)) await db.query(`REVOKE ALL ON ${table} FROM wetread_accounts`);
    await db.query('REVOKE USAGE ON SCHEMA public FROM wetread_accounts'); // the role stays: other databases may use it
  }
}

async function secure(db: QueryRunner, table: string, whose: string): Promise<void> {
  await db.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await db.query(`CREATE POLICY own_rows ON ${table} TO wetread_accounts USING (${whose})`);
}
