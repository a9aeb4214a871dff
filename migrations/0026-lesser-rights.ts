import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a record is made of; not its id, which the database gives: one given ahead would stand in the way of the record that is due it. */
const RECORD = 'event, occurred_at, tenant, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome, sealed';

/**
 * Why: no role may do more than its work needs. Where a tenant's connection was made to run a statement of somebody else's, it could
 * have a file removed that another organisation's instance refers to, as an object was kept by UID and hash together, and put a key
 * of its own among those that signatures are checked by; an administrator's could bring the end of any token's revocation forward; both could write
 * records under ids that others were to have.
 * An object is kept now by its hash alone, which needs an index; a token that is taken back again is one row more, never a changed
 * one. Locks `instance` against writing while its index is made: some seconds a million instances. Back: the rights as they were.
 */
export class LesserRights implements MigrationInterface {
  readonly name = 'lesser-rights-0000000000026';

  async up(db: QueryRunner): Promise<void> {
    for (const table of ['instance', 'deleted_instance']) await db.query(`CREATE INDEX ${table}_object ON ${table} USING hash (sha256)`);
    await db.query('ALTER TABLE doomed_object DROP COLUMN sop_instance_uid');
    await db.query('REVOKE SELECT ON doomed_object FROM wetread_tenant');
    await db.query('REVOKE ALL ON signing_key FROM wetread_tenant');
    await db.query(
      'ALTER TABLE revoked_token DROP CONSTRAINT revoked_token_key, ADD CONSTRAINT revoked_token_key PRIMARY KEY (mark, expires)',
    );
    await db.query('REVOKE SELECT, UPDATE ON revoked_token FROM wetread_accounts');
    await db.query('REVOKE INSERT ON ledger_record FROM wetread_tenant, wetread_accounts');
    await db.query(`GRANT INSERT (${RECORD}) ON ledger_record TO wetread_tenant, wetread_accounts`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`REVOKE INSERT (${RECORD}) ON ledger_record FROM wetread_tenant, wetread_accounts`);
    await db.query('GRANT INSERT ON ledger_record TO wetread_tenant, wetread_accounts');
    await db.query('GRANT SELECT, UPDATE ON revoked_token TO wetread_accounts');
    await db.query('DELETE FROM revoked_token a USING revoked_token b WHERE a.mark = b.mark AND a.expires < b.expires');
    await db.query('ALTER TABLE revoked_token DROP CONSTRAINT revoked_token_key, ADD CONSTRAINT revoked_token_key PRIMARY KEY (mark)');
    await db.query('GRANT SELECT, INSERT ON signing_key TO wetread_tenant');
    await db.query('GRANT SELECT ON doomed_object TO wetread_tenant');
    // Of what is still to be removed nobody knows the UIDs any more.
    await db.query(`ALTER TABLE doomed_object ADD COLUMN sop_instance_uid text NOT NULL DEFAULT ''`);
    await db.query('ALTER TABLE doomed_object ALTER COLUMN sop_instance_uid DROP DEFAULT');
    await db.query('DROP INDEX deleted_instance_object, instance_object');
  }
}
