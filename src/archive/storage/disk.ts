import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../../dicom/frame-table.js';
import { ObjectMissing } from '../faults.js';
import { spaceFault, type ReceivedFile } from './incoming-file.js';
import { ObjectStorage } from './object-storage.js';

const READ_AT_ONCE = 1 << 18;

/** Objects as files of this machine: `objects/ab/abcd….dcm`. */
export class DiskStorage extends ObjectStorage {
  private readonly objects: string;

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
    await rm(this.pathOf(sha256), { force: true });
  }

  override async read(sha256: string, from = 0): Promise<Readable> {
    return (await this.openObject(sha256)).createReadStream({ start: from, highWaterMark: READ_AT_ONCE });
  }

  override async readRanges(sha256: string, ranges: readonly ByteRange[]): Promise<Uint8Array> {
    const bytes = new Uint8Array(ranges.reduce((sum, [, length]) => sum + length, 0));
    const handle = await this.openObject(sha256);
    try {
      let at = 0;
      for (const [offset, length] of ranges) {
        await handle.read(bytes, at, length, offset);
        at += length;
      }
    } finally {
      await handle.close();
    }
    return bytes;
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
    const { size } = await stat(path);
    if (file.bytes < 0 || size === file.bytes) return false;
    const beside = `${path}.${randomUUID()}`;
    await link(file.path, beside);
    await rename(beside, path);
    return true;
  }

  private async openObject(sha256: string): Promise<FileHandle> {
    try {
      return await open(this.pathOf(sha256));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ObjectMissing() : error;
    }
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
