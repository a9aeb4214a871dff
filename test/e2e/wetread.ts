import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { runningUrl } from '../../src/database/embedded-postgres.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';

/** The models that come with the source. */
export const BUNDLED = fileURLToPath(new URL('../../../models/', import.meta.url));

/** A folder of `chest-pneumonia` alone: what tests say of readings does not depend on the other bundled models. */
function oneModel(folder: string): string {
  const models = join(folder, 'models');
  mkdirSync(models, { recursive: true });
  if (!existsSync(join(models, 'chest-pneumonia'))) symlinkSync(join(BUNDLED, 'chest-pneumonia'), join(models, 'chest-pneumonia'));
  return models;
}

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** A store answer as its sender reads it. */
export interface StoreAnswer {
  readonly status: number;
  readonly stored: { readonly sopInstanceUID: string; readonly retrieveUrl: string; readonly warning: number | undefined }[];
  readonly failed: { readonly sopInstanceUID: string | undefined; readonly reason: number }[];
  readonly dataset: DicomJson;
}

/** A real server process on a real port, with a database of its own, as a user would run it. */
export class Wetread {
  url = '';
  readonly log: string[] = [];
  /** What it prints for whoever started it. */
  readonly printed: string[] = [];
  private child: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    private readonly models: string,
    readonly databaseUrl: string | undefined,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** `embedded`: with the server's own Postgres instead of a database in the test run's. */
  static async start(environment: NodeJS.ProcessEnv = {}, { embedded = false } = {}): Promise<Wetread> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wetread-e2e-')));
    const models = oneModel(realpathSync(mkdtempSync(join(tmpdir(), 'wetread-one-model-'))));
    const wetread = new Wetread(folder, models, embedded ? undefined : await newDatabase(), environment);
    await wetread.launch();
    return wetread;
  }

  get pid(): number {
    return this.child?.pid ?? -1;
  }

  /** The settings that lead to its data: for its commands too. */
  get settings(): NodeJS.ProcessEnv {
    return {
      WETREAD_DATA: this.folder,
      ...(this.databaseUrl === undefined ? {} : { DATABASE_URL: this.databaseUrl }),
      AUTH: 'none', // the tests of access turn it on
      FREE_SPACE_FLOOR_MIB: '16',
      MODELS: this.models,
      ...this.environment,
    };
  }

  /** Starts the process on the same data again. */
  async launch(): Promise<void> {
    const child = fork(MAIN, {
      execArgv: ['--max-semi-space-size=16', '--heap-growing-percent=60'], // as `npm start` runs it
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        NODE_ENV: 'production',
        MALLOC_ARENA_MAX: '2',
        WETREAD_STOP_WITH_PARENT: '1',
        ...this.settings,
      },
    });
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.printed.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.log.push(text));
    this.url = await new Promise<string>((ready, fail) => {
      child.once('message', (message) => ready((message as { url: string }).url));
      child.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${this.log.join('')}`)));
    });
  }

  /** Stops it as Ctrl-C would; answers its exit code. */
  stop(): Promise<number | null> {
    return this.end('SIGINT');
  }

  /** Kills it as a power cut would. */
  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(dirname(this.models), { recursive: true, force: true });
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  async json<T>(path: string, accept = 'application/json'): Promise<T> {
    const answer = await this.fetch(path, { headers: { accept } });
    if (!answer.ok) throw new Error(`${answer.status} from ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Stores Part 10 files by STOW-RS, in one request. */
  store(...files: readonly Uint8Array[]): Promise<StoreAnswer> {
    return this.storeAs({}, ...files);
  }

  /** The same by who calls with these headers. */
  async storeAs(headers: Readonly<Record<string, string>>, ...files: readonly Uint8Array[]): Promise<StoreAnswer> {
    const boundary = randomUUID();
    const parts = files.flatMap((file) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      file,
      Buffer.from('\r\n'),
    ]);
    const answer = await this.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
        accept: 'application/dicom+json',
      },
      body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    });
    const dataset = (await answer.json()) as DicomJson;
    const items = (at: string) => (dataset[at]?.Value ?? []) as DicomJson[];
    const first = <T>(item: DicomJson, at: string) => item[at]?.Value?.[0] as T;
    return {
      status: answer.status,
      dataset,
      stored: items('00081199').map((item) => ({
        sopInstanceUID: first<string>(item, '00081155'),
        retrieveUrl: first<string>(item, '00081190'),
        warning: first<number | undefined>(item, '00081196'),
      })),
      failed: items('00081198').map((item) => ({
        sopInstanceUID: first<string | undefined>(item, '00081155'),
        reason: first<number>(item, '00081197'),
      })),
    };
  }

  /** Asks the server's own database. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.settings['DATABASE_URL'] ?? runningUrl(this.folder, 'wetread') });
    await client.connect();
    try {
      await client.query(`SET wetread.tenant = '1'`); // whose the rows are that a test writes
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    return new Promise((done) => {
      child.once('exit', (code) => done(code));
      child.kill(signal);
    });
  }
}

/** Asks again until there is an answer that is not undefined; fails after the time limit. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string, withinMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(50)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`there was no ${what} within ${withinMs / 1_000} s`);
}

/** An empty database in the test run's Postgres. */
export async function newDatabase(): Promise<string> {
  const base = process.env['WETREAD_TEST_POSTGRES'];
  if (base === undefined) throw new Error('Run the tests by `npm test`: it starts their Postgres.');
  const name = `wetread_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: base.replace('DATABASE', 'postgres') });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  return base.replace('DATABASE', name);
}
