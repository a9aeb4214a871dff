import { DataSource, type MigrationInterface } from 'typeorm';

/** The tables and migrations of the whole server. */
export interface Schema {
  readonly entities: (new () => object)[];
  readonly migrations: (new () => MigrationInterface)[];
}

/** TypeORM's view of the database: it runs the migrations and checks that entities and migrations agree. */
export const dataSource = (url: string, schema: Schema): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    ...schema,
    migrationsTableName: 'migration',
    synchronize: false,
    poolSize: 1,
  });

/** Serialises servers that start at once on one database; any constant of our own. */
const MIGRATION_LOCK = 7_337_101;

/** Brings the database to this build's schema. One server migrates, the others wait for it. */
export async function migrate(url: string, schema: Schema): Promise<void> {
  const source = await dataSource(url, schema).initialize();
  try {
    const runner = source.createQueryRunner();
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runner.release(); // the pool holds this one connection, so the lock stays with it
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy(); // ends the connection and with it the lock
  }
}
