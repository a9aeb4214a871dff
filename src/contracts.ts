import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { lexicographicSortSchema } from 'graphql';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './api/operations/docs.js';
import { createApplication } from './application.js';
import { Database } from './database/database.js';
import { SERVER_SCOPE } from './database/scope.js';
import { Models } from './inference/models.js';
import { PixelPool } from './pixels/pixel-pool.js';
import { readSettings } from './settings.js';

const FOLDER = fileURLToPath(new URL('../../openapi/', import.meta.url));

/** `npm run contracts`: writes the contracts that the code makes. `--check`: compares them with the committed ones, exit 1 if they differ. */
async function main(): Promise<number> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'wetread-contracts-'));
  // Nothing is asked of this database: the application is built, not started.
  const database = new Database('postgres://nobody@127.0.0.1:1/none', SERVER_SCOPE);
  const app = await createApplication({ settings: readSettings({}), database, dataFolder });
  await app.init();
  const contracts = {
    'openapi.json': `${JSON.stringify(openApiDocument(app), null, 2)}\n`,
    'schema.graphql': `${printSchemaWithDirectives(lexicographicSortSchema(app.get(GraphQLSchemaHost).schema))}\n`,
  };
  await app.close();
  await app.get(Models).engine.close();
  await app.get(PixelPool).close();
  await database.close();
  rmSync(dataFolder, { recursive: true, force: true });
  return process.argv.includes('--check') ? check(contracts) : write(contracts);
}

function write(contracts: Readonly<Record<string, string>>): number {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(contracts)) writeFileSync(join(FOLDER, name), text);
  return 0;
}

function check(contracts: Readonly<Record<string, string>>): number {
  const differing = Object.entries(contracts).filter(([name, text]) => readFileSync(join(FOLDER, name), 'utf8') !== text);
  for (const [name] of differing) process.stderr.write(`openapi/${name} differs from the code: run \`npm run contracts\` and commit it.\n`);
  return differing.length === 0 ? 0 : 1;
}

process.exit(await main());
