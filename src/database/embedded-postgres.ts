import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { event, thrownFields } from '../log.js';
import { embeddedBinaries } from './embedded-binaries.js';
import { embeddedIdentity, type EmbeddedIdentity } from './embedded-identity.js';
import { EmbeddedPostgresFailed, launchPostgres, type PostgresProcess } from './launch-postgres.js';

const MAJOR = '18';
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Up for this long it counts as well again. */
const STEADY_AFTER_MS = 60_000;
const GIVE_UP_AFTER_MS = 900_000;
/** File in the data folder that tells other commands where the socket lies. */
const SOCKET_NOTE = 'postgres.socket';
const SOCKET_FOLDER = 'wetread-pg-';
/** The encoding is named, or LANG=C would make SQL_ASCII; the built-in locale does not change with the machine's. */
const INITDB_OPTIONS =
  '-U wetread --auth=trust --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 --no-instructions --wal-segsize=1 --data-checksums'.split(
    ' ',
  );

/** A Postgres of our own inside the data folder, reached by a unix socket only: no TCP port, no clash. Started again when it dies. */
export class EmbeddedPostgres {
  private stopping = false;
  private running: PostgresProcess | undefined;
  private readonly giveUp = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  private constructor(
    private readonly identity: EmbeddedIdentity,
    private readonly socketFolder: string,
  ) {}

  /**
   * Starts it, making the cluster when there is none. `data` is an absolute path whose lock the caller holds.
   * `onDeath`: it died and could not be started again for a quarter of an hour.
   */
  static async start(data: string, onDeath: () => void): Promise<EmbeddedPostgres> {
    mkdirSync(data, { recursive: true });
    const identity = embeddedIdentity(embeddedBinaries(), data);
    if (existsSync(join(identity.cluster, 'PG_VERSION'))) checkVersion(identity.cluster);
    else initialise(identity);
    await endOrphan(identity.cluster);
    const left = existsSync(join(data, SOCKET_NOTE)) ? readFileSync(join(data, SOCKET_NOTE), 'utf8').trim() : '';
    if (left.startsWith(join(tmpdir(), SOCKET_FOLDER))) rmSync(left, { recursive: true, force: true }); // of a killed server
    const socketFolder = mkdtempSync(join(tmpdir(), SOCKET_FOLDER)); // short: a socket's path has 107 bytes at most
    if (identity.uid !== undefined) chownSync(socketFolder, identity.uid, identity.gid ?? identity.uid);
    const postgres = new EmbeddedPostgres(identity, socketFolder);
    postgres.running = await launchPostgres(identity, socketFolder).catch((error: unknown) => {
      rmSync(socketFolder, { recursive: true, force: true });
      throw error;
    });
    postgres.watching = postgres.watch(onDeath);
    writeFileSync(join(data, SOCKET_NOTE), `${socketFolder}\n`);
    return postgres;
  }

  /** Connection string for a database of this Postgres. */
  url(database: string): string {
    return urlOf(this.socketFolder, database);
  }

  /** Makes the database when there is none. */
  async ensureDatabase(database: string): Promise<void> {
    const client = new pg.Client({ host: this.socketFolder, user: 'wetread', database: 'postgres' });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    } finally {
      await client.end();
    }
  }

  /** Fast shutdown; answers when the process is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.giveUp.abort();
    await this.running?.stop();
    await this.watching;
    rmSync(this.socketFolder, { recursive: true, force: true });
  }

  /**
   * Starts it again each time it ends unasked, on the same socket, so that the pool finds it: requests answer 503 meanwhile.
   * A disk that is full keeps it down until there is room, so the attempts go on for a while, further and further apart.
   */
  private async watch(onDeath: () => void): Promise<void> {
    for (let failingSince = 0, pause = FIRST_PAUSE_MS; ;) {
      const began = Date.now();
      await this.running?.exited;
      if (this.stopping) return;
      if (this.running && Date.now() - began > STEADY_AFTER_MS) failingSince = 0;
      if (failingSince === 0) [failingSince, pause] = [Date.now(), FIRST_PAUSE_MS];
      if (Date.now() - failingSince > GIVE_UP_AFTER_MS) return onDeath();
      const died = Date.now();
      event('postgres.died', { nextTryMs: pause });
      this.running = undefined;
      await sleep(pause, undefined, { signal: this.giveUp.signal }).catch(() => undefined);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      if (this.stopping) return;
      try {
        await endOrphan(this.identity.cluster);
        this.running = await launchPostgres(this.identity, this.socketFolder);
        event('postgres.restarted', { ms: Date.now() - died });
      } catch (error) {
        event('postgres.restart-failed', thrownFields(error));
      }
      if (this.stopping) await this.running?.stop(); // asked while it was starting
    }
  }
}

/** Connection string of a database in the Postgres that a running server keeps on a data folder; none where none was started. */
export function runningUrl(data: string, database: string): string | undefined {
  const note = join(data, SOCKET_NOTE);
  return existsSync(note) ? urlOf(readFileSync(note, 'utf8').trim(), database) : undefined;
}

const urlOf = (socketFolder: string, database: string): string =>
  `postgres://wetread@/${database}?host=${encodeURIComponent(socketFolder)}`;

function checkVersion(cluster: string): void {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version !== MAJOR)
    throw new EmbeddedPostgresFailed(
      `The data folder was made by Postgres ${version}; this server brings ${MAJOR}. Move it with a dump and restore.`,
    );
}

/** initdb beside the final place and a rename, so that a crash inside it leaves no half cluster. */
function initialise(identity: EmbeddedIdentity): void {
  const parent = join(identity.cluster, '..');
  const fresh = join(parent, `pg.init-${randomBytes(4).toString('hex')}`);
  mkdirSync(fresh, { mode: 0o700 });
  if (identity.uid !== undefined) chownSync(fresh, identity.uid, identity.gid ?? identity.uid);
  const [command, ...rest] = [...identity.prefix, join(identity.native, 'bin', 'initdb'), ...INITDB_OPTIONS, '-D', fresh];
  const done = spawnSync(command, rest, { uid: identity.uid, gid: identity.gid, cwd: fresh, encoding: 'utf8' });
  if (done.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new EmbeddedPostgresFailed(`initdb failed: ${(done.stderr || done.error?.message || '').trim().slice(-2000)}`);
  }
  rmSync(identity.cluster, { recursive: true, force: true }); // empty: it holds no PG_VERSION
  renameSync(fresh, identity.cluster);
}

/**
 * A Postgres still on this cluster though nobody holds the data folder's lock is an orphan of a killed server:
 * usually on its way out, otherwise it is told to stop. Never by the pid file alone: a pid may have been given anew.
 */
async function endOrphan(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  for (const deadline = Date.now() + 15_000; existsSync(file) && Date.now() < deadline; await sleep(50)) {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (!(pid > 0) || !existsSync(`/proc/${pid}`)) return; // a stale file: Postgres deals with it
    if (isZombie(pid)) continue;
    if (workingFolder(pid) !== cluster) break;
    if (deadline - Date.now() < 13_000) process.kill(pid, 'SIGINT');
  }
  if (existsSync(file) && !someProcessIn(cluster)) rmSync(file, { force: true }); // held by a zombie that nobody reaps
}

function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? false;
  } catch {
    return false;
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function someProcessIn(cluster: string): boolean {
  const { stdout } = spawnSync('sh', ['-c', 'ls -l /proc/[0-9]*/cwd 2>/dev/null'], { encoding: 'utf8' });
  return stdout.split('\n').some((line) => line.endsWith(` -> ${cluster}`));
}
