import { FIRST_TENANT } from '../src/access/caller.js';
import { Database } from '../src/database/database.js';
import { migrate } from '../src/database/data-source.js';
import type { Scope } from '../src/database/scope.js';
import { SCHEMA } from '../src/schema.js';
import { newDatabase } from './e2e/wetread.js';

/** A database of a test's own in the test run's Postgres, with this build's schema. What the test asks of it is the first tenant's, unless it says otherwise. The test closes it. */
export async function aDatabase(scope: Scope = FIRST_TENANT): Promise<Database> {
  const url = await newDatabase();
  await migrate(url, SCHEMA);
  return new Database(url, scope);
}
