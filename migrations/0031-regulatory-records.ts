import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: the regulatory file: what is said of a device stands in versions that nobody changes, not even the tables' owner, so that a
 * signature or a study that names one by its SHA-256 can always be shown what it named. A next version is the number after the last: what
 * it supersedes needs no column. Locks: none. Back: only while the file is empty.
 */
export class RegulatoryRecords implements MigrationInterface {
  readonly name = 'regulatory-records-0000000000031';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE regulatory_record (
        type text COLLATE "C" NOT NULL,
        id text COLLATE "C" NOT NULL,
        version int NOT NULL,
        content text NOT NULL,
        sha256 bytea NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        tenant int NOT NULL DEFAULT acting_tenant(),
        CONSTRAINT regulatory_record_key PRIMARY KEY (type, id, version, tenant))`);
    await db.query('CREATE INDEX regulatory_record_by_hash ON regulatory_record (sha256)'); // references name records so
    await db.query(`
      CREATE FUNCTION regulatory_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the regulatory file is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END $$`);
    // A version that another writer has taken meanwhile is left to the key, which says so without an error where it is asked to.
    await db.query(`
      CREATE FUNCTION regulatory_record_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.sha256 <> sha256(convert_to(NEW.content, 'UTF8')) THEN
          RAISE EXCEPTION 'the SHA-256 of a regulatory record is not that of its content' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.version < 1 OR NEW.version > 1 + coalesce((SELECT max(version) FROM regulatory_record
             WHERE type = NEW.type AND id = NEW.id AND tenant = NEW.tenant), 0) THEN
          RAISE EXCEPTION 'versions of a regulatory record have no gaps' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
      END $$`);
    for (const [name, on] of [
      ['append_only', 'BEFORE UPDATE OR DELETE ON regulatory_record FOR EACH ROW EXECUTE FUNCTION regulatory_record_is_append_only()'],
      ['append_only_whole', 'BEFORE TRUNCATE ON regulatory_record FOR EACH STATEMENT EXECUTE FUNCTION regulatory_record_is_append_only()'],
      ['next_version', 'BEFORE INSERT ON regulatory_record FOR EACH ROW EXECUTE FUNCTION regulatory_record_is_next()'],
    ]) {
      await db.query(`CREATE TRIGGER ${name} ${on}`);
      await db.query(`ALTER TABLE regulatory_record ENABLE ALWAYS TRIGGER ${name}`);
    }
    await db.query('ALTER TABLE regulatory_record ENABLE ROW LEVEL SECURITY');
    await db.query('CREATE POLICY own_rows ON regulatory_record TO wetread_tenant USING (tenant = (SELECT acting_tenant()))');
    await db.query('REVOKE ALL ON regulatory_record FROM PUBLIC');
    await db.query('GRANT SELECT, INSERT ON regulatory_record TO wetread_tenant');
  }

  async down(db: QueryRunner): Promise<void> {
    const [{ records }] = (await db.query('SELECT count(*)::int AS records FROM regulatory_record')) as [{ records: number }];
    if (records > 0) throw new Error('The regulatory file has records: they are kept.');
    await db.query('DROP TABLE regulatory_record');
    await db.query('DROP FUNCTION regulatory_record_is_next, regulatory_record_is_append_only');
  }
}
