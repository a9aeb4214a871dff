import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataFolder, DataFolderInUse } from '../database/data-folder.js';
import { Database } from '../database/database.js';
import { EmbeddedPostgres, runningUrl } from '../database/embedded-postgres.js';
import { readSettings } from '../settings.js';
import { Linker } from './linker.js';
import { verifyChain } from './verify.js';

/** `npm run ledger:verify`: checks the whole chain. Exit 0: whole; 1: broken, and where; 2: it could not be checked. */
async function main(): Promise<number> {
  const { DATABASE_URL: url, WETREAD_DATA: data } = readSettings(process.env);
  if (url !== undefined) return verify(url);
  if (!existsSync(resolve(data, 'archive'))) throw new Error(`There is no ledger in ${resolve(data)}.`);
  // Beside a running server its Postgres is used; otherwise it is started for the check.
  try {
    const folder = await DataFolder.take(data);
    const postgres = await EmbeddedPostgres.start(folder.path, () => undefined);
    try {
      return await verify(postgres.url('wetread'));
    } finally {
      await postgres.stop();
      await folder.release();
    }
  } catch (error) {
    const running = error instanceof DataFolderInUse ? runningUrl(resolve(data), 'wetread') : undefined;
    if (running === undefined) throw error;
    return verify(running);
  }
}

async function verify(url: string): Promise<number> {
  const database = new Database(url);
  try {
    await new Linker(database).link(); // what was committed a moment ago is part of the chain too
    const began = performance.now();
    const verdict = await verifyChain(database);
    const seconds = ((performance.now() - began) / 1_000).toFixed(2);
    if (verdict.whole)
      process.stdout.write(`The ledger is whole: ${verdict.records} records, head ${verdict.head}, checked in ${seconds} s.\n`);
    else
      process.stdout.write(
        `The ledger is BROKEN: ${verdict.code}${verdict.seq === undefined ? '' : ` at record ${verdict.seq}`}; ${verdict.records} records before it are whole.\n`,
      );
    return verdict.whole ? 0 : 1;
  } finally {
    await database.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The ledger could not be checked: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
