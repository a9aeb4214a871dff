import { createHash, randomUUID, type Hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { link, open, readdir, rename, rm, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectMissing } from '../faults.js';
import { OpenFiles } from './open-files.js';

const WRITE_AT_ONCE = 1 << 20;
const KEPT_OPEN = 512;

/** A file whose bytes are all here and hashed, but not yet durable. */
export interface ReceivedFile {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
}

/**
 * Files by their SHA-256, write-once: `objects/ab/abcd….dcm`. On the way in they lie in `incoming/`; what is found there
 * after a crash was never acknowledged, or is in the index already.
 */
export class DiskStorage {
  private readonly incoming: string;
  private readonly objects: string;
  private readonly openFiles = new OpenFiles(KEPT_OPEN);
  /** How many bytes a reader asks for at once. */
  readonly chunkBytes = 1 << 20;

  constructor(readonly folder: string) {
    this.incoming = join(folder, 'incoming');
    this.objects = join(folder, 'objects');
    mkdirSync(this.incoming, { recursive: true });
    mkdirSync(join(folder, 'quarantine'), { recursive: true });
    for (let i = 0; i < 256; i++) mkdirSync(join(this.objects, i.toString(16).padStart(2, '0')), { recursive: true });
  }

  /** A file to receive bytes into; it is made when the first of them are written. */
  receive(): IncomingFile {
    return new IncomingFile(join(this.incoming, `${randomUUID()}.part`));
  }

  /** Names a received file by its hash, so that after a crash it can be told from one that is not whole. */
  async nameByHash(file: ReceivedFile, derived: boolean): Promise<ReceivedFile> {
    const path = join(this.incoming, `${file.sha256}.${randomUUID()}.${derived ? 'derived' : 'received'}.dcm`);
    await rename(file.path, path);
    return { ...file, path };
  }

  /** Makes files durable under their final names: linked there, folders synced. They stay in `incoming/` until `settle`. */
  async keep(files: readonly ReceivedFile[]): Promise<void> {
    await Promise.all(
      files.map((file) =>
        link(file.path, this.pathOf(file.sha256)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error; // the same bytes are there already
        }),
      ),
    );
    const folders = new Set(files.map((file) => join(this.objects, file.sha256.slice(0, 2))));
    await Promise.all([...folders].map(syncFolder));
  }

  /** Takes files out of `incoming/` once the index has decided about them. */
  async settle(files: readonly ReceivedFile[]): Promise<void> {
    await Promise.all(files.map((file) => unlink(file.path)));
  }

  /** Removes bytes that the index refused. */
  async discard(sha256: string): Promise<void> {
    this.openFiles.forget(this.pathOf(sha256));
    await rm(this.pathOf(sha256), { force: true });
  }

  /** Fills `target` with the bytes of a stored file from `offset` on. Throws ObjectMissing where there are fewer. */
  async readInto(sha256: string, target: Uint8Array, offset: number): Promise<void> {
    try {
      await this.openFiles.use(this.pathOf(sha256), async (handle) => {
        for (let at = 0; at < target.length;) {
          const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
          if (bytesRead === 0) throw new ObjectMissing(); // shorter than the index says
          at += bytesRead;
        }
      });
    } catch (error) {
      throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? new ObjectMissing() : error;
    }
  }

  pathOf(sha256: string): string {
    return join(this.objects, sha256.slice(0, 2), `${sha256}.dcm`);
  }

  /** What a crash left on the way in: whole files by their hash, and how many that were not whole (moved to `quarantine/`). */
  async leftovers(): Promise<{ whole: (ReceivedFile & { derived: boolean })[]; broken: number }> {
    const whole: (ReceivedFile & { derived: boolean })[] = [];
    let broken = 0;
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      const [, sha256, origin] = /^([0-9a-f]{64})\.[0-9a-f-]+\.(received|derived)\.dcm$/.exec(name) ?? [];
      if (sha256 !== undefined) whole.push({ sha256, path, bytes: -1, derived: origin === 'derived' });
      else {
        broken += 1;
        await rename(path, join(this.folder, 'quarantine', name));
      }
    }
    return { whole, broken };
  }

  /** Moves a file out of the way without losing it. */
  async quarantine(file: ReceivedFile): Promise<void> {
    await rename(file.path, join(this.folder, 'quarantine', `${file.sha256}.${randomUUID()}.dcm`));
  }

  /** Free space in bytes for an ordinary user. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }
}

/** A file being received: written in large pieces, hashed as the bytes pass. */
export class IncomingFile {
  private readonly hash: Hash = createHash('sha256');
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private bytes = 0;

  private handle: FileHandle | undefined;

  constructor(private readonly path: string) {}

  /** What has come so far: its SHA-256 and length. The last thing asked of a file that is given up. */
  get arrived(): { readonly sha256: string; readonly bytes: number } {
    return { sha256: this.hash.copy().digest('hex'), bytes: this.bytes };
  }

  /** Takes note of bytes that are not kept. */
  pass(piece: Uint8Array): void {
    this.hash.update(piece);
    this.bytes += piece.length;
  }

  /** Takes the next bytes. The piece must not be changed afterwards. */
  async write(piece: Uint8Array): Promise<void> {
    this.pass(piece);
    this.waiting.push(piece);
    this.waitingBytes += piece.length;
    if (this.waitingBytes >= WRITE_AT_ONCE) await this.flush();
  }

  /** All bytes were given: they are written and on stable storage when this answers. */
  async finish(): Promise<ReceivedFile> {
    try {
      await this.flush();
      this.handle ??= await open(this.path, 'wx', 0o600); // not a byte came
      await this.handle.datasync();
    } finally {
      await this.handle?.close();
    }
    return { sha256: this.hash.digest('hex'), bytes: this.bytes, path: this.path };
  }

  /** Gives the file up. */
  async abandon(): Promise<void> {
    if (!this.handle) return;
    await this.handle.close();
    await rm(this.path, { force: true });
  }

  private async flush(): Promise<void> {
    const pieces = this.waiting;
    let left = this.waitingBytes;
    this.waiting = [];
    this.waitingBytes = 0;
    if (left === 0) return;
    this.handle ??= await open(this.path, 'wx', 0o600);
    const { bytesWritten } = await this.handle.writev(pieces);
    left -= bytesWritten;
    if (left > 0) await this.handle.writeFile(Buffer.concat(pieces).subarray(bytesWritten)); // a short write: the rest
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
