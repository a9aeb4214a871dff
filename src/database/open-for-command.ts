import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../settings.js';
import { DataFolder, DataFolderInUse } from './data-folder.js';
import { Database } from './database.js';
import { SERVER_SCOPE } from './scope.js';
import { EmbeddedPostgres, runningUrl } from './embedded-postgres.js';

/**
 * Runs a command on the server's database: the outside one of the settings, or beside a running server the Postgres it
 * keeps, or that of the data folder, started for the command.
 */
export async function withDatabase<T>(
  { DATABASE_URL: url, WETREAD_DATA: data }: Settings,
  what: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (url !== undefined) return using(url, work);
  if (!existsSync(resolve(data, 'archive'))) throw new Error(`There is no ${what} in ${resolve(data)}.`);
  try {
    const folder = await DataFolder.take(data);
    const postgres = await EmbeddedPostgres.start(folder.path, () => undefined);
    try {
      return await using(postgres.url('wetread'), work);
    } finally {
      await postgres.stop();
      await folder.release();
    }
  } catch (error) {
    const running = error instanceof DataFolderInUse ? runningUrl(resolve(data), 'wetread') : undefined;
    if (running === undefined) throw error;
    return using(running, work);
  }
}

async function using<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database(url, SERVER_SCOPE);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
