import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { link, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectMissing } from '../faults.js';
import { spaceFault, syncedFolder, type ReceivedFile } from './incoming-file.js';
import { ObjectStorage } from './object-storage.js';
import { OpenFiles } from './open-files.js';

const KEPT_OPEN = 512;
const SETTLE_EVERY_MS = 5_000;

/** Objects as files of this machine: `objects/ab/abcd….dcm`. */
export class DiskStorage extends ObjectStorage {
  override readonly chunkBytes = 1 << 20;
  private readonly objects: string;
  private readonly openFiles = new OpenFiles(KEPT_OPEN);
  private readonly unsettled: ReceivedFile[] = [];
  private settling: NodeJS.Timeout | undefined;

  constructor(folder: string, floorBytes: number) {
    super(folder, floorBytes);
    this.objects = join(folder, 'objects');
    for (let i = 0; i < 256; i++) mkdirSync(join(this.objects, i.toString(16).padStart(2, '0')), { recursive: true });
  }

  override async open(): Promise<void> {
    // Its folders were made or found by the constructor: it can be used.
  }

  /**
   * Durable in `incoming/` and linked under their final names: one folder to sync, however many files. Their own folders are
   * synced later (`settle`); until then a crash leaves the files where the next start takes them up.
   */
  override async keep(files: readonly ReceivedFile[]): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    await Promise.all([
      syncedFolder(this.incoming),
      ...files.map(({ durable }) => durable),
      ...files.map(async (file) => (await this.link(file)) || there.add(file.sha256)),
    ]);
    return there;
  }

  override async settle(files: readonly ReceivedFile[]): Promise<void> {
    this.unsettled.push(...files);
    this.settling ??= setTimeout(() => void this.settleNow().catch(() => undefined), SETTLE_EVERY_MS); // what stays is taken up at the next start
  }

  override async close(): Promise<void> {
    clearTimeout(this.settling);
    await this.settleNow();
    this.openFiles.closeAll();
    await super.close();
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

  /** Objects are where they belong, durably: their other names go. */
  private async settleNow(): Promise<void> {
    const files = this.unsettled.splice(0);
    this.settling = undefined;
    for (const name of new Set(files.map(({ sha256 }) => sha256.slice(0, 2)))) await syncedFolder(join(this.objects, name));
    for (const { path } of files) await unlink(path).catch(() => undefined); // gone already
  }

  /**
   * True when the object was new. One that is there already is replaced: a crash may have left it without its bytes, and who
   * has it open keeps what he has.
   */
  private async link(file: ReceivedFile): Promise<boolean> {
    const path = this.pathOf(file.sha256);
    try {
      await link(file.path, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw spaceFault(error);
    }
    const beside = `${path}.${randomUUID()}`;
    await link(file.path, beside);
    await rename(beside, path);
    await rm(beside, { force: true }); // of two names of one file rename keeps both
    this.openFiles.forget(path);
    return false;
  }
}
