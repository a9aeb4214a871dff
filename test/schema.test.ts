import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { dataSource, migrate } from '../src/database/data-source.js';
import { SCHEMA } from '../src/schema.js';

async function emptyDatabase(): Promise<string> {
  const base = process.env['WETREAD_TEST_POSTGRES'] ?? '';
  const name = `schema_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: base.replace('DATABASE', 'postgres') });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return base.replace('DATABASE', name);
}

describe('The schema', () => {
  it('is the same by the migrations and by the entities', async () => {
    const url = await emptyDatabase();
    await migrate(url, SCHEMA);
    const source = await dataSource(url, SCHEMA).initialize();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('goes back, migration by migration, and forward again', async () => {
    const url = await emptyDatabase();
    await migrate(url, SCHEMA);
    const source = await dataSource(url, SCHEMA).initialize();
    const { length } = source.migrations;
    for (let i = 0; i < length; i++) await source.undoLastMigration({ transaction: 'each' });
    const left = await source.query(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'migration'`,
    );
    await source.runMigrations({ transaction: 'each' });
    await source.destroy();
    expect(length).toBeGreaterThan(5);
    expect(left).toEqual([]);
  });

  it('is made once when two servers start at once on one database', async () => {
    const url = await emptyDatabase();
    await Promise.all([migrate(url, SCHEMA), migrate(url, SCHEMA), migrate(url, SCHEMA)]);
    const source = await dataSource(url, SCHEMA).initialize();
    const [{ count }] = await source.query('SELECT count(*)::int AS count FROM migration');
    await source.destroy();
    expect(count).toBe(SCHEMA.migrations.length);
  });
});
