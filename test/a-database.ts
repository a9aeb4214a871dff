import { Database } from '../src/database/database.js';
import { migrate } from '../src/database/data-source.js';
import { SCHEMA } from '../src/schema.js';
import { newDatabase } from './e2e/wetread.js';

/** A database of a test's own in the test run's Postgres, with this build's schema. The test closes it. */
export async function aDatabase(): Promise<Database> {
  const url = await newDatabase();
  await migrate(url, SCHEMA);
  return new Database(url);
}
