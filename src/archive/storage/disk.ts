import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectMissing } from '../faults.js';
import { spaceFault, type ReceivedFile } from './incoming-file.js';
import { ObjectStorage } from './object-storage.js';
import { OpenFiles } from './open-files.js';

const KEPT_OPEN = 512;

/** Objects as files of this machine: `objects/ab/abcd….dcm`. */
export class DiskStorage extends ObjectStorage {
  override readonly chunkBytes = 1 << 20;
  private readonly objects: string;
  private readonly openFiles = new OpenFiles(KEPT_OPEN);

  constructor(folder: string, floorBytes: number) {
    super(folder, floorBytes);
    this.objects = join(folder, 'objects');
    for (let i = 0; i < 256; i++) mkdirSync(join(this.objects, i.toString(16).padStart(2, '0')), { recursive: true });
  }

  override async open(): Promise<void> {
    // Its folders were made or found by the constructor: it can be used.
  }

  /** Linked under their final names, then the folders synced; one that was there already costs no sync. */
  override async keep(files: readonly ReceivedFile[]): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    await Promise.all(files.map(async (file) => (await this.linkOnce(file)) || there.add(file.sha256)));
    const folders = new Set(files.map(({ sha256 }) => sha256.slice(0, 2)));
    await Promise.all([...folders].map((name) => syncFolder(join(this.objects, name))));
    return there;
  }

  override async discard(sha256: string): Promise<void> {
    this.openFiles.forget(this.pathOf(sha256));
    await rm(this.pathOf(sha256), { force: true });
  }

  override async readInto(sha256: string, target: Uint8Array, offset: number): Promise<void> {
    try {
      await this.openFiles.use(this.pathOf(sha256), async (handle) => {
        for (let at = 0; at < target.length;) {
          const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
          if (bytesRead === 0) throw new ObjectMissing(); // shorter than the index says
          at += bytesRead;
        }
      });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ObjectMissing() : error;
    }
  }

  pathOf(sha256: string): string {
    return join(this.objects, sha256.slice(0, 2), `${sha256}.dcm`);
  }

  /** True when the object was new. One of another length than its bytes have is damaged: the file takes its place. */
  private async linkOnce(file: ReceivedFile): Promise<boolean> {
    const path = this.pathOf(file.sha256);
    try {
      await link(file.path, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw spaceFault(error);
    }
    const size = await stat(path).then(
      (found) => found.size,
      () => undefined, // removed since
    );
    if (size === undefined) return this.linkOnce(file);
    if (file.bytes < 0 || size === file.bytes) return false;
    const beside = `${path}.${randomUUID()}`;
    await link(file.path, beside);
    await rename(beside, path);
    this.openFiles.forget(path);
    return true;
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
