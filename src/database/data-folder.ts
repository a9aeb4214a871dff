import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FolderKept, FolderLease } from './folder-lease.js';

/** Another server works on the same data folder. */
export class DataFolderInUse extends Error {
  constructor(folder: string, pid: number | string) {
    super(`The data folder ${folder} is already in use by another wetread server (pid ${pid}). Stop that one, or set WETREAD_DATA.`);
  }
}

/** The longest name there is (unix(7): 108 bytes with the first NUL). Node up to 20 fills shorter ones up, later ones do not: theirs would differ. */
const ABSTRACT_NAME_BYTES = 107;

/** The folder of everything the server keeps, held by one server at a time. */
export class DataFolder {
  private constructor(
    readonly path: string,
    private readonly lock: Server,
    private readonly lease: FolderLease,
  ) {}

  /**
   * Makes the folder and takes its lock: a listening unix socket whose name derives from the folder itself, by whatever path it
   * is reached. On Linux it lies in the abstract namespace, which the kernel frees at the process's death, however it dies; no
   * stale lock. Against those that do not see it there is a lease.
   * @param onLost  another took the folder while this process stood still
   * @throws DataFolderInUse
   */
  static async take(folder: string, onLost: () => void = () => undefined): Promise<DataFolder> {
    mkdirSync(resolve(folder), { recursive: true });
    const path = realpathSync(resolve(folder));
    const { dev, ino } = statSync(path, { bigint: true });
    const name = `wetread-${createHash('sha256').update(`${dev} ${ino}`).digest('hex').slice(0, 32)}`;
    const address = process.platform === 'linux' ? `\0${name.padEnd(ABSTRACT_NAME_BYTES, '-')}` : join(tmpdir(), name);
    const lock = createServer((socket) => socket.end());
    try {
      await listen(lock, address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new DataFolderInUse(path, holder(path));
    }
    lock.unref();
    try {
      return new DataFolder(path, lock, await FolderLease.take(path, onLost));
    } catch (error) {
      await closed(lock);
      throw error instanceof FolderKept ? new DataFolderInUse(path, error.pid) : error;
    }
  }

  async release(): Promise<void> {
    await this.lease.release();
    await closed(this.lock);
  }
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(address, () => done());
  });
}

const closed = (lock: Server): Promise<void> => new Promise((done) => lock.close(() => done()));

function holder(path: string): number | string {
  try {
    return (JSON.parse(readFileSync(join(path, 'server.lock'), 'utf8')) as { pid: number }).pid;
  } catch {
    return 'unknown';
  }
}
