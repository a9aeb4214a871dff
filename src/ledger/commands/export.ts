import { copyFile, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../database/database.js';
import { withDatabase } from '../../database/open-for-command.js';
import { readSettings, type Settings } from '../../settings.js';
import { keysOfServer, Signer } from '../../signing/signer.js';
import { exportLines } from '../export-lines.js';
import { Linker } from '../linker.js';
import { MakeCheckpoints } from '../make-checkpoints.js';

const VERIFIER = fileURLToPath(new URL('../verify-export.js', import.meta.url));

/**
 * `npm run ledger:export -- FOLDER`: writes the whole ledger as it is to `ledger.ndjson` in a folder, which must not be there yet, with a
 * checkpoint at its end and what checks it, `verify-ledger.mjs`: `node verify-ledger.mjs ledger.ndjson` needs nothing else. Nothing that is
 * sealed is in it. Exit 0: written; 2: it could not be.
 */
async function main([folder]: readonly string[]): Promise<number> {
  if (folder === undefined) {
    process.stderr.write('npm run ledger:export -- FOLDER\n');
    return 2;
  }
  const settings = readSettings(process.env);
  return withDatabase(settings, 'ledger', (database) => writeTo(resolve(folder), database, settings));
}

async function writeTo(folder: string, database: Database, { WETREAD_DATA }: Settings): Promise<number> {
  const data = resolve(WETREAD_DATA);
  await new Linker(database).link(); // what was committed a moment ago is part of it too
  await new MakeCheckpoints(database, new Signer(data, database)).look(true);
  await mkdir(folder); // one that is there has what somebody may want to keep
  const path = join(folder, 'ledger.ndjson');
  const file = await open(path, 'wx', 0o600);
  let records = 0;
  try {
    for await (const { text, size } of exportLines(database, await keysOfServer(data, database))) {
      await file.appendFile(text);
      records = size;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await copyFile(VERIFIER, join(folder, 'verify-ledger.mjs'));
  process.stdout.write(`Wrote ${records} records to ${path}. To check them: node ${join(folder, 'verify-ledger.mjs')} ${path}\n`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`The ledger could not be written: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
