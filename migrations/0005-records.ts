import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: the FHIR store: text as served, every version, one narrow table for search. Locks nothing: the tables are new.
 *  Back: drops them; the rooms write their resources again. */
export class Records implements MigrationInterface {
  readonly name = 'records-0000000000005';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE resource (
        type text NOT NULL,
        id text NOT NULL,
        version integer NOT NULL,
        last_updated timestamptz NOT NULL,
        content text NOT NULL,
        digest bytea NOT NULL,
        CONSTRAINT resource_key PRIMARY KEY (type, id))`);
    await db.query('CREATE INDEX resource_by_time ON resource (type, last_updated, id)');
    await db.query(`
      CREATE TABLE resource_version (
        type text NOT NULL,
        id text NOT NULL,
        version integer NOT NULL,
        last_updated timestamptz NOT NULL,
        content text NOT NULL,
        CONSTRAINT resource_version_key PRIMARY KEY (type, id, version))`);
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

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE resource_search, resource_version, resource');
    await db.query('DROP TABLE IF EXISTS resource_of_clients'); // a note that a later migration leaves on its way back
  }
}
