import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../src/database/embedded-postgres.js';

declare global {
  var wetreadTestPostgres: { postgres: EmbeddedPostgres; folder: string } | undefined;
}

/** One real Postgres for the whole run; every server under test gets a database of its own in it. */
export default async function start(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wetread-test-')));
  const postgres = await EmbeddedPostgres.start(folder, () => undefined);
  globalThis.wetreadTestPostgres = { postgres, folder };
  process.env['WETREAD_TEST_POSTGRES'] = postgres.url('DATABASE');
}
