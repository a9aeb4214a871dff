import pg from 'pg';
import { event } from '../log.js';
import { migrate, type Schema } from './data-source.js';
import { Database, type LookCommit } from './database.js';
import { EmbeddedPostgres } from './embedded-postgres.js';

/** The outside Postgres is older than what the server needs. */
export class PostgresTooOld extends Error {
  constructor(version: string) {
    super(`DATABASE_URL leads to Postgres ${version}; version 15 or later is needed.`);
  }
}

/** The database, ready for use, and how to let it go. */
export interface OpenDatabase {
  readonly database: Database;
  /** True when this server alone uses it. */
  readonly alone: boolean;
  close(): Promise<void>;
}

/** Opens the outside Postgres, or starts the embedded one inside the data folder, and migrates it. */
export async function openDatabase(
  url: string | undefined,
  dataFolder: string,
  schema: Schema,
  onDeath: () => void,
  looks: LookCommit,
): Promise<OpenDatabase> {
  if (url !== undefined) {
    await checkVersion(url);
    await migrate(url, schema);
    const database = new Database(url, undefined, looks);
    return { database, alone: false, close: () => database.close() };
  }
  const began = performance.now();
  const postgres = await EmbeddedPostgres.start(dataFolder, onDeath);
  event('postgres.started', { ms: Math.round(performance.now() - began) });
  try {
    await postgres.ensureDatabase('wetread');
    await migrate(postgres.url('wetread'), schema);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  const database = new Database(postgres.url('wetread'), undefined, looks);
  return {
    database,
    alone: true,
    close: async () => {
      await database.close();
      await postgres.stop();
    },
  };
}

async function checkVersion(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    if (Number.parseInt(rows[0].server_version, 10) < 15) throw new PostgresTooOld(rows[0].server_version);
  } finally {
    await client.end();
  }
}
