import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of what resources are found by; each row of one resource (`no`), parameter and place (`part`, of composites). */
const INDEX = {
  search_token: `system text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL`,
  search_reference: `target_type text COLLATE "C" NOT NULL, target_id text COLLATE "C" NOT NULL`,
  search_date: `low timestamptz NOT NULL, high timestamptz NOT NULL`,
  search_string: `ordinal integer NOT NULL, value text COLLATE "C" NOT NULL, exact text COLLATE "C" NOT NULL`,
  search_quantity: `low numeric NOT NULL, high numeric NOT NULL, system text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL`,
};
/** A row is there once; what leads its key is what it is found by. Texts of any length have a number instead. */
const KEYS = {
  search_token: 'parameter, value, system, resource, part',
  search_reference: 'parameter, target_id, target_type, resource, part',
  search_date: 'parameter, low, high, resource, part',
  search_string: 'resource, parameter, part, ordinal',
  search_quantity: 'parameter, low, high, resource, part, system, code, unit',
};

/**
 * Why: clients write resources too, and search them by all that R4 defines: a number for each resource, deletion, whether the server itself writes it,
 * an index table for each kind of parameter. A version's text lies in `resource` while it is the current one, and in
 * `resource_version` after that: written once. Locks: `resource` and `resource_version` while their columns are added and the
 * current versions' second texts deleted. The new index is filled when the server starts (`resource.indexed`).
 * Back: drops the index tables and what was deleted with all its versions; notes what
 * is the clients' in `resource_of_clients`, for the way forward again.
 */
export class FhirStore implements MigrationInterface {
  readonly name = 'fhir-store-0000000000015';

  async up(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE resource_search');
    await db.query('DELETE FROM resource_version v USING resource r WHERE r.type = v.type AND r.id = v.id AND r.version = v.version');
    for (const table of ['resource', 'resource_version'])
      await db.query(`
        ALTER TABLE ${table} ALTER COLUMN type TYPE text COLLATE "C", ALTER COLUMN id TYPE text COLLATE "C",
          ADD COLUMN method text NOT NULL DEFAULT 'PUT', ADD COLUMN deleted boolean NOT NULL DEFAULT false`);
    // Servers take numbers in blocks, so that index rows can be written together with what they are of.
    await db.query('CREATE SEQUENCE resource_number INCREMENT BY 256');
    await db.query(`
      ALTER TABLE resource ADD COLUMN no bigint NOT NULL DEFAULT nextval('resource_number'),
        ADD COLUMN owned boolean NOT NULL DEFAULT true, ADD COLUMN indexed boolean NOT NULL DEFAULT false`);
    // All that is there until now is the server's own.
    await db.query('ALTER TABLE resource ALTER COLUMN no DROP DEFAULT, ALTER COLUMN owned SET DEFAULT false');
    await db.query('ALTER TABLE resource ADD CONSTRAINT resource_no UNIQUE (no)');
    // Unless this runs for the second time: the first noted on its way back what is the clients'.
    await db.query(`CREATE TABLE IF NOT EXISTS resource_of_clients (type text NOT NULL, id text NOT NULL)`);
    await db.query('UPDATE resource r SET owned = false FROM resource_of_clients c WHERE c.type = r.type AND c.id = r.id');
    await db.query('DROP TABLE resource_of_clients');
    await db.query('DROP INDEX resource_by_time');
    await db.query('CREATE INDEX resource_by_time ON resource (type, last_updated, no)');
    await db.query('CREATE INDEX resource_by_change ON resource (last_updated, no)');
    await db.query('CREATE INDEX resource_version_by_time ON resource_version (type, last_updated)');
    await db.query('CREATE INDEX resource_version_by_change ON resource_version (last_updated)');
    await db.query('CREATE INDEX resource_to_index ON resource (no) WHERE NOT indexed');
    for (const [table, columns] of Object.entries(INDEX)) {
      const key = `CONSTRAINT ${table}_key PRIMARY KEY (${KEYS[table as keyof typeof KEYS]})`;
      await db.query(
        `CREATE TABLE ${table} (resource bigint NOT NULL, parameter integer NOT NULL, part integer NOT NULL, ${columns}, ${key})`,
      );
      if (table !== 'search_string') await db.query(`CREATE INDEX ${table}_owner ON ${table} (resource, parameter)`);
    }
    await db.query('CREATE INDEX search_string_found ON search_string (parameter, left(value, 400))');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE ${Object.keys(INDEX).join(', ')}`);
    await db.query(
      'DROP INDEX resource_to_index, resource_version_by_change, resource_version_by_time, resource_by_change, resource_by_time',
    );
    await db.query(`
      INSERT INTO resource_version (type, id, version, last_updated, content, method, deleted)
      SELECT type, id, version, last_updated, content, method, deleted FROM resource`);
    await db.query('CREATE TABLE resource_of_clients AS SELECT type, id FROM resource WHERE NOT owned AND NOT deleted');
    // An older server knows no deletion: what was deleted goes with all that it was.
    await db.query('DELETE FROM resource_version v USING resource r WHERE r.deleted AND r.type = v.type AND r.id = v.id');
    await db.query('DELETE FROM resource WHERE deleted');
    await db.query('DELETE FROM resource_version WHERE deleted');
    await db.query('ALTER TABLE resource DROP COLUMN no, DROP COLUMN owned, DROP COLUMN indexed');
    await db.query('DROP SEQUENCE resource_number');
    for (const table of ['resource', 'resource_version'])
      await db.query(`
        ALTER TABLE ${table} DROP COLUMN method, DROP COLUMN deleted,
          ALTER COLUMN type TYPE text COLLATE "default", ALTER COLUMN id TYPE text COLLATE "default"`);
    await db.query('CREATE INDEX resource_by_time ON resource (type, last_updated, id)');
    await db.query(`
      CREATE TABLE resource_search (
        type text NOT NULL,
        parameter text NOT NULL,
        value text NOT NULL,
        system text NOT NULL,
        id text NOT NULL,
        CONSTRAINT resource_search_key PRIMARY KEY (type, parameter, value, system, id))`);
    await db.query('CREATE INDEX resource_search_owner ON resource_search (type, id)');
  }
}
