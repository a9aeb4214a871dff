import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rm } from 'node:fs/promises';

/** Another server works on the same data folder. */
export class DataFolderInUse extends Error {
  constructor(folder: string, pid: string) {
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
  ) {}

  /**
   * Makes the folder and takes its lock: a listening unix socket whose name derives from the folder's real path. On Linux
   * it lies in the abstract namespace, which the kernel frees at the process's death, however it dies; no stale lock.
   */
  static async take(folder: string): Promise<DataFolder> {
    mkdirSync(resolve(folder), { recursive: true });
    const path = realpathSync(resolve(folder));
    const name = `wetread-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
    const address = process.platform === 'linux' ? `\0${name.padEnd(ABSTRACT_NAME_BYTES, '-')}` : join(tmpdir(), name);
    const lock = createServer((socket) => socket.end());
    try {
      await listen(lock, address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new DataFolderInUse(path, holder(path));
    }
    lock.unref();
    writeFileSync(join(path, 'server.pid'), `${process.pid}\n`);
    return new DataFolder(path, lock);
  }

  async release(): Promise<void> {
    await rm(join(this.path, 'server.pid'), { force: true });
    await new Promise<void>((done) => this.lock.close(() => done()));
  }
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(address, () => done());
  });
}

function holder(path: string): string {
  try {
    return readFileSync(join(path, 'server.pid'), 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
