import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { EmbeddedIdentity } from './embedded-identity.js';

const READY_WITHIN_MS = 30_000;

/** The embedded Postgres did not start; the message holds what it said last. */
export class EmbeddedPostgresFailed extends Error {}

/** A Postgres that takes connections. */
export interface PostgresProcess {
  /** Settles when it has ended, however. */
  readonly exited: Promise<void>;
  /** Fast shutdown; answers when it has ended. */
  stop(): Promise<void>;
}

/** Starts Postgres under its supervisor; answers when it takes connections. Throws EmbeddedPostgresFailed. */
export async function launchPostgres(identity: EmbeddedIdentity, socketFolder: string): Promise<PostgresProcess> {
  const options = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    shared_buffers: '128MB',
    max_connections: '200',
    wal_compression: 'on',
    max_wal_size: '512MB',
    jit: 'off', // the statements are short: compiling them costs more than it gives
  };
  const supervisor = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./postgres-supervisor.js', import.meta.url)),
      ...(identity.uid === undefined ? ['-', '-'] : [String(identity.uid), String(identity.gid)]),
      ...identity.prefix,
      join(identity.native, 'bin', 'postgres'),
      '-D',
      identity.cluster,
      ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true, cwd: tmpdir() }, // own group: Ctrl-C reaches only the server
  );
  let said = '';
  supervisor.stderr?.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4000)));
  supervisor.stdin?.on('error', () => undefined);
  let alive = true;
  const exited = new Promise<void>((resolve) => supervisor.on('exit', () => ((alive = false), resolve())));
  const stop = async (): Promise<void> => {
    supervisor.stdin?.end();
    await exited;
  };
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await sleep(10)) {
    if (!alive || Date.now() > deadline) {
      await stop();
      throw new EmbeddedPostgresFailed(`The embedded Postgres did not start: ${said.trim()}`);
    }
    if (await answers(socketFolder)) break;
  }
  return { exited, stop };
}

async function answers(socketFolder: string): Promise<boolean> {
  const client = new pg.Client({ host: socketFolder, user: 'wetread', database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
