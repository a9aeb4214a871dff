import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startServer, type RunningServer } from '../../server.js';
import { readSettings } from '../../settings.js';
import { checkPackage } from './check-package.js';
import { runStudy, type Telling } from './run-study.js';

/** Nobody's everyday reading beside the study's run. */
const QUIET_SECONDS = '3600';

/**
 * `npm run demo -- study [--cases N] [--out FILE]`: a whole validation study by the public API alone, on a server and a database of its own
 * that are gone afterwards; its package is written to FILE (evidence-demo.zip), and checked. Exit code 0 when it holds.
 */
export async function demoStudy(cases: number, out: string): Promise<number> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'wetread-study-'));
  let server: RunningServer | undefined;
  try {
    const settings = { ...process.env, AUTH: 'on', PORT: '0', WETREAD_DATA: folder, QUIET_PERIOD_SECONDS: QUIET_SECONDS };
    server = await startServer(readSettings(settings), { onDatabaseDeath: () => process.exit(1), onFolderLost: () => process.exit(1) });
    if (server.firstAdminCode === undefined) throw new Error('The demonstration needs a database without accounts: unset DATABASE_URL.');
    say(`Started Postgres, server and models at ${server.url}.`);
    const bytes = await runStudy(server.url, server.firstAdminCode, cases, telling);
    const file = resolve(out);
    writeFileSync(file, bytes);
    say(`The evidence package: ${file} (${(bytes.length / 2 ** 20).toFixed(1)} MiB). Read data/index.html in it first.`);
    say('node verify.mjs, alone in an empty folder:');
    const holds = await checkPackage(bytes, say);
    say(
      `${holds ? 'The package holds, and no changed byte passes.' : 'THE PACKAGE DOES NOT HOLD.'} ${Math.round((performance.now() - began) / 1_000)} s in all.`,
    );
    return holds ? 0 : 1;
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const say = (line: string): void => void process.stdout.write(`${isTerminal ? '\r\u001b[K' : ''}${line}\n`);
const isTerminal = process.stdout.isTTY;
/** A line that is written over is for a terminal: elsewhere it would be thousands. */
const telling: Telling = { say, tell: (line) => void (isTerminal && process.stdout.write(`\r\u001b[K${line}`)) };
