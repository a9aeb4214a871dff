import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startServer, type RunningServer } from '../server.js';
import { readSettings } from '../settings.js';
import { filesBelow } from './dicom-files.js';
import { isPicture, pictureAsChestRadiograph } from './picture.js';
import { phantomFiles } from './phantom-files.js';
import { describeOutcome, readyAddresses } from './printed.js';
import { demoStudy } from './study/main.js';
import { storeInstances } from './store-client.js';
import { awaitOutcome } from './study-outcome.js';

const REPORT_WITHIN_MS = 120_000;
const say = (text = ''): void => void process.stdout.write(`${text}\n`);

/**
 * `npm run demo -- study`: a whole validation study (study/main.ts). `npm run demo [-- [--exit] FILE_OR_FOLDER…]`: the whole road on this machine, on a phantom or on the user's own DICOM
 * (a JPEG or PNG is taken for a frontal chest radiograph).
 * Exit code 0 when every study was either reported or said not to be readable; of the phantom a report is owed.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      exit: { type: 'boolean', default: false },
      cases: { type: 'string', default: '730' },
      out: { type: 'string', default: 'evidence-demo.zip' },
    },
    allowPositionals: true,
  });
  if (positionals[0] === 'study') process.exit(await demoStudy(Number(values.cases), values.out));
  const files = positionals.length > 0 ? filesBelow(positionals).map((path) => () => instanceFrom(path)) : phantomFiles();
  const began = performance.now();
  const data = process.env['WETREAD_DATA'] ?? './data';
  mkdirSync(data, { recursive: true });
  let stopped = false;
  let running: RunningServer | undefined;
  const stop = async (code: number): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await running?.stop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(130));
  const server = await startServer(readSettings({ ...process.env, AUTH: 'none', PORT: process.env['PORT'] ?? '0', WETREAD_DATA: data }), {
    onDatabaseDeath: () => void stop(1),
    onFolderLost: () => void stop(1),
  });
  running = server;
  say(`\nStarted Postgres, server and models in ${ms(began)} ms.`);
  const code = await readAll(server.url, files, positionals.length === 0);
  say(readyAddresses(server.url));
  if (values.exit) await stop(code);
  say('Serving until Ctrl-C.');
  return code;
}

async function readAll(url: string, files: readonly (() => Promise<Uint8Array>)[], owed: boolean): Promise<number> {
  const began = performance.now();
  const answer = await storeInstances(url, files);
  say(`Stored ${answer.stored} of ${files.length} instances by STOW-RS in ${ms(began)} ms (HTTP ${answer.status}).`);
  for (const why of answer.refused) say(`  refused: ${why}`);
  if (owed)
    say('The phantoms are drawings: what models that were trained on patients make of them shows the way, and says nothing of the models.');
  const stored = performance.now();
  let missing = 0;
  let reports = 0;
  for (const studyInstanceUID of answer.studies) {
    const outcome = await awaitOutcome(url, studyInstanceUID, REPORT_WITHIN_MS);
    if (!outcome) missing += 1;
    else reports += outcome.reports.length;
    say(describeOutcome(studyInstanceUID, outcome, ms(stored)));
  }
  return missing > 0 || answer.stored === 0 || (owed && reports < answer.studies.length) ? 1 : 0;
}

/** The user's file as it is; a JPEG or PNG is taken for a chest radiograph. */
async function instanceFrom(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return isPicture(bytes) ? pictureAsChestRadiograph(bytes) : bytes;
}

const ms = (since: number): number => Math.round(performance.now() - since);

main().catch((error: unknown) => {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
