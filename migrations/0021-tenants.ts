import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every table whose rows are some tenant's, with how its keys are made one tenant's own: two may have the same UID or id. */
const TABLES: Readonly<Record<string, readonly Key[]>> = {
  study: [{ unique: 'study_uid', columns: 'study_instance_uid' }],
  series: [],
  instance: [{ unique: 'instance_uid', columns: 'sop_instance_uid' }],
  deletion: [],
  deleted_study: [],
  deleted_series: [],
  deleted_instance: [],
  retention_run: [],
  retention_choice: [],
  reading: [],
  sharpness_history: [{ primary: 'sharpness_history_key', columns: 'model_sha256, modality, station' }],
  resource: [{ primary: 'resource_key', columns: 'type, id' }],
  resource_version: [{ primary: 'resource_version_key', columns: 'type, id, version' }],
  search_token: [],
  search_reference: [],
  search_date: [],
  search_string: [],
  search_quantity: [],
  export_job: [],
  report: [{ primary: 'report_key', columns: 'id' }],
  subscription: [{ primary: 'subscription_key', columns: 'id' }],
  subscription_event: [{ primary: 'subscription_event_key', columns: 'subscription_id, number' }],
  subscription_token: [],
  workitem: [{ unique: 'workitem_uid', columns: 'workitem_uid' }],
  workitem_subscription: [{ primary: 'workitem_subscription_key', columns: 'subscriber, workitem_uid' }],
  workitem_event: [],
};
/** Tables that the server's own work writes too: of tenant 0. */
const ALSO_THE_SERVERS: Readonly<Record<string, readonly Key[]>> = {
  work: [{ unique: 'work_once', columns: 'kind, subject', where: `WHERE state = 'waiting'` }],
  ledger_record: [],
};
type Key = { readonly columns: string; readonly where?: string } & ({ readonly unique: string } | { readonly primary: string });

/** What a tenant's connections may do in tables that are nobody's. */
const SHARED: Readonly<Record<string, string>> = {
  ledger_unlinked: 'INSERT',
  doomed_object: 'SELECT, INSERT',
  damaged_object: 'SELECT',
  scrub_progress: 'SELECT',
  watched_type: 'SELECT, INSERT',
  signing_key: 'SELECT, INSERT',
  tenant: 'SELECT',
};

/**
 * What searches use beside the comparisons that Postgres says are leakproof: none of them fails by, or tells of, what is in a row. Where
 * that is not said of them, row-level security keeps them from the indexes. Only a superuser may say so, as the embedded Postgres's is.
 */
const LEAKPROOF = [
  'textlike(text, text)',
  'textnlike(text, text)',
  'texticlike(text, text)',
  'textcat(text, text)',
  '"left"(text, integer)',
  'lower(text)',
  'split_part(text, text, integer)',
  'length(text)',
  'arrayoverlap(anyarray, anyarray)',
  'arraycontains(anyarray, anyarray)',
  'arraycontained(anyarray, anyarray)',
  'array_eq(anyarray, anyarray)',
  'jsonb_contains(jsonb, jsonb)',
  'ts_match_vq(tsvector, tsquery)',
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((comparison) => `numeric_${comparison}(numeric, numeric)`),
];

/**
 * Why: organisations share a server and see only their own rows, whatever a statement forgets: Postgres shows a tenant's connections
 * (role wetread_tenant, setting wetread.tenant) no others (row-level security; PostgreSQL manual 5.9). Locks each table for the time
 * its keys take to be made again. Back: needs that there is one tenant's data alone, since keys become unique across tenants again.
 */
export class Tenants implements MigrationInterface {
  readonly name = 'tenants-0000000000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE tenant (
        id int GENERATED ALWAYS AS IDENTITY NOT NULL,
        name text NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT tenant_key PRIMARY KEY (id),
        CONSTRAINT tenant_name UNIQUE (name))`);
    await db.query(`INSERT INTO tenant (name) VALUES ('default')`);
    // A role is of the whole cluster: another database's migration may have made it, or makes it now.
    await db.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'wetread_tenant') THEN
          BEGIN CREATE ROLE wetread_tenant NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
        END IF;
        IF current_setting('is_superuser') <> 'on' THEN EXECUTE format('GRANT wetread_tenant TO %I', current_user); END IF;
      END $$`);
    await db.query('GRANT USAGE ON SCHEMA public TO wetread_tenant');
    await db.query(`
      CREATE FUNCTION acting_tenant() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
      RETURN nullif(current_setting('wetread.tenant', true), '')::int`);
    await db.query(`
      CREATE FUNCTION acting_tenant_or_server() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE RETURN coalesce(acting_tenant(), 0)`);
    for (const [table, keys] of Object.entries(TABLES)) {
      await addTenant(db, table, keys, 'acting_tenant()');
      await db.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO wetread_tenant`);
    }
    for (const [table, keys] of Object.entries(ALSO_THE_SERVERS)) await addTenant(db, table, keys, 'acting_tenant_or_server()');
    await db.query('GRANT SELECT, INSERT, UPDATE, DELETE ON work TO wetread_tenant');
    await db.query('GRANT SELECT, INSERT ON ledger_record TO wetread_tenant'); // append-only by right too
    for (const [table, rights] of Object.entries(SHARED)) await db.query(`GRANT ${rights} ON ${table} TO wetread_tenant`);
    await db.query('GRANT USAGE ON SEQUENCE resource_number TO wetread_tenant');
    const [{ superuser }] = (await db.query(`SELECT current_setting('is_superuser') = 'on' AS superuser`)) as [{ superuser: boolean }];
    if (superuser) for (const one of LEAKPROOF) await db.query(`ALTER FUNCTION pg_catalog.${one} LEAKPROOF`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const [table, keys] of Object.entries({ ...TABLES, ...ALSO_THE_SERVERS })) {
      await db.query(`DROP POLICY own_rows ON ${table}`);
      await db.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
      for (const key of keys) await makeKey(db, table, key, '');
      await db.query(`ALTER TABLE ${table} DROP COLUMN tenant`);
      await db.query(`REVOKE ALL ON ${table} FROM wetread_tenant`);
    }
    for (const table of Object.keys(SHARED)) await db.query(`REVOKE ALL ON ${table} FROM wetread_tenant`);
    await db.query('REVOKE ALL ON SEQUENCE resource_number FROM wetread_tenant');
    await db.query('REVOKE USAGE ON SCHEMA public FROM wetread_tenant'); // the role stays: other databases may use it
    await db.query('DROP FUNCTION acting_tenant_or_server(), acting_tenant()');
    await db.query('DROP TABLE tenant');
  }
}

/** What there is becomes the first tenant's; from now on a row is of the tenant in whose scope it is written. */
async function addTenant(db: QueryRunner, table: string, keys: readonly Key[], acting: string): Promise<void> {
  await db.query(`ALTER TABLE ${table} ADD COLUMN tenant int NOT NULL DEFAULT 1`);
  await db.query(`ALTER TABLE ${table} ALTER COLUMN tenant SET DEFAULT ${acting}`);
  for (const key of keys) await makeKey(db, table, key, ', tenant');
  await db.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  // As a subquery it is asked once a statement, not once a row.
  await db.query(`CREATE POLICY own_rows ON ${table} TO wetread_tenant USING (tenant = (SELECT acting_tenant()))`);
}

async function makeKey(db: QueryRunner, table: string, key: Key, more: string): Promise<void> {
  if ('primary' in key) {
    await db.query(
      `ALTER TABLE ${table} DROP CONSTRAINT ${key.primary}, ADD CONSTRAINT ${key.primary} PRIMARY KEY (${key.columns}${more})`,
    );
    return;
  }
  await db.query(`DROP INDEX ${key.unique}`);
  await db.query(`CREATE UNIQUE INDEX ${key.unique} ON ${table} (${key.columns}${more}) ${key.where ?? ''}`);
}
