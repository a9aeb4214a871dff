/**
 * `npm run bench -- fhir [rounds] [patients]`: FHIR beside the floor of ../shared/bench (node:http and Postgres, and nothing of
 * what makes a FHIR server), taking turns in one run: reads, searches, creations, transactions, `$graphql` by 1 and 16 clients; then
 * what the process has grown to, an export of all, the validation of a DiagnosticReport. With `patients` (of 50 reports each), the
 * same searches beside a server of 200 patients.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { validateText } from '../src/records/validation/validate-text.js';
import { Wetread } from '../test/e2e/wetread.js';

const shared = new URL('../../../shared/', import.meta.url);
const tool = (name: string): string => fileURLToPath(new URL(`bench/${name}.mjs`, shared));
if (!existsSync(tool('fhir-bench'))) throw new Error('../shared/bench is absent: it has the floor and the clients');
const [, , , rounds = '3', patients] = process.argv;
const REPORTS = 50;
const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-fhir-'));

/** Ends with the tool; its standard output is ours to look at, its table goes to the terminal. */
function run(name: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [tool(name), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((done, fail) =>
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`${name} ended with ${code}: an answer was wrong`)))),
  );
}

const compare = (bases: Readonly<Record<string, string>>, state: string, ...more: readonly string[]): Promise<void> =>
  run(
    'fhir-bench',
    ...Object.entries(bases).flatMap(([name, url]) => ['--base', `${name}=${url}`]),
    '--per-patient',
    `${REPORTS}`,
    '--state',
    join(folder, state),
    ...more,
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function floorBeside(wetread: Wetread): Promise<{ url: string; stop: () => void }> {
  const socket = readFileSync(join(wetread.folder, 'postgres.socket'), 'utf8').trim();
  const client = new pg.Client({ host: socket, user: 'wetread', database: 'wetread' });
  await client.connect();
  await client.query('CREATE DATABASE floor');
  await client.end();
  const port = await freePort();
  const database = `postgres://wetread@localhost/floor?host=${encodeURIComponent(socket)}`;
  const child = spawn(process.execPath, [tool('fhir-floor'), '--db', database, '--port', `${port}`, '--text', '1'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)), // it takes `pg` from here
    stdio: 'ignore',
  });
  await sleep(2_000);
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

const memoryOf = (pid: number): string => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (key: string): number => Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return `${of('VmRSS')} MB, ${of('VmHWM')} MB at most`;
};

async function exportAll(wetread: Wetread): Promise<string> {
  const asked = await wetread.fetch('/fhir/$export', { headers: { accept: 'application/fhir+json', prefer: 'respond-async' } });
  const status = asked.headers.get('content-location') ?? '';
  let told = await fetch(status);
  for (; told.status === 202; told = await fetch(status)) await sleep(300);
  const { output } = (await told.json()) as { output: { url: string }[] };
  const began = performance.now();
  let resources = 0;
  for (const { url } of output) {
    const answer = await fetch(url);
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, end + 1)) resources++;
  }
  return `${resources} resources, ${Math.round((resources / (performance.now() - began)) * 1_000)} a second`;
}

/** Milliseconds, the median. */
function validation(): string {
  const text = readFileSync(new URL('fhir/valid/r4ex-DiagnosticReport-ultrasound.json', shared), 'utf8');
  const times = Array.from({ length: 3_000 }, () => {
    const began = performance.now();
    validateText(text);
    return performance.now() - began;
  }).toSorted((a, b) => a - b);
  return `${times[1_500].toFixed(3)} ms for ${text.length} characters`;
}

/** The searches of some of many patients, as fhir-bench keeps what it has seeded. */
function everySo(state: string, patientsThere: number): void {
  const given = JSON.parse(readFileSync(join(folder, state, 'large.json'), 'utf8')) as {
    url: string;
    patients: string[];
    reports: { id: string; o: string }[];
  };
  const [few, step] = [200, Math.floor(patientsThere / 200)];
  const chosen = Array.from({ length: few }, (_, i) => i * (step - (step % 2 === 0 ? 1 : 0))); // an odd step keeps each one's statuses
  mkdirSync(join(folder, 'growth'), { recursive: true });
  const reports = chosen.flatMap((patient, p) =>
    given.reports.slice(patient * REPORTS, (patient + 1) * REPORTS).map((one) => ({ ...one, p })),
  );
  const kept = { url: given.url, per: REPORTS, patients: chosen.map((patient) => given.patients[patient]), reports };
  writeFileSync(join(folder, 'growth', 'large.json'), JSON.stringify(kept));
}

const wetread = await Wetread.start({}, { embedded: true });
const floor = await floorBeside(wetread);
const ours = `${wetread.url}/fhir`;
await compare(
  { floor: floor.url, ours },
  'floor',
  '--scenarios',
  'read,search,create,transaction,graphql',
  '--conc',
  '1,16',
  '--seconds',
  '3',
  '--warm',
  '1',
  '--rounds',
  rounds,
);
process.stdout.write(`memory of the server: ${memoryOf(wetread.pid)}\n`);
process.stdout.write(`export: ${await exportAll(wetread)}; memory ${memoryOf(wetread.pid)}\n`);
process.stdout.write(`validation of a DiagnosticReport: ${validation()}\n`);
floor.stop();
if (patients !== undefined) {
  const small = await Wetread.start({}, { embedded: true });
  await compare({ small: `${small.url}/fhir` }, 'small', '--seed-only');
  await compare({ large: ours }, 'large', '--patients', patients, '--seed-only');
  everySo('large', Number(patients));
  copyFileSync(join(folder, 'small', 'small.json'), join(folder, 'growth', 'small.json'));
  await compare(
    { small: `${small.url}/fhir`, large: ours },
    'growth',
    '--scenarios',
    'search',
    '--conc',
    '1,16',
    '--seconds',
    '3',
    '--warm',
    '2',
    '--rounds',
    rounds,
  );
  process.stdout.write(
    `memory of the large server: ${memoryOf(wetread.pid)}; export: ${await exportAll(wetread)}; memory ${memoryOf(wetread.pid)}\n`,
  );
  await small.remove();
}
await wetread.remove();
rmSync(folder, { recursive: true, force: true });
