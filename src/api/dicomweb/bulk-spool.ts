import { randomUUID } from 'node:crypto';
import { mkdir, open, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { OutOfSpace } from '../../archive/faults.js';

const WRITE_AT_ONCE = 2 ** 20;
const READ_AT_ONCE = 2 ** 18;
const CHECK_EVERY = 2 ** 26;

/** Where bytes lie in the spool. */
export interface Spooled {
  readonly from: number;
  readonly length: number;
}

/**
 * Bulk data parts of one store request on their way to their instances: an instance needs its parts in the order of its
 * elements and with their lengths, which a stream tells too late. One file, without a name from its start on, so that
 * nothing of it outlives the request, whatever ends it.
 */
export class BulkSpool {
  private file: FileHandle | undefined;
  private end = 0;
  private checkedAt = 0;

  /** @param floorBytes  free space below which nothing more is kept: a full disk is the database's death */
  constructor(
    private readonly folder: string,
    private readonly floorBytes: number,
  ) {}

  /** Keeps a part's bytes. What the part throws comes through; its bytes are lost then. */
  async keep(body: AsyncIterable<Uint8Array>): Promise<Spooled> {
    const from = this.end;
    let waiting: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of body) {
      waiting.push(piece);
      bytes += piece.length;
      if (bytes < WRITE_AT_ONCE) continue;
      await this.write(waiting);
      waiting = [];
      bytes = 0;
    }
    await this.write(waiting);
    return { from, length: this.end - from };
  }

  async *read({ from, length }: Spooled): AsyncGenerator<Uint8Array> {
    for (let at = from; at < from + length;) {
      const wanted = Math.min(READ_AT_ONCE, from + length - at);
      const { bytesRead, buffer } = await (await this.opened()).read(Buffer.allocUnsafe(wanted), 0, wanted, at);
      if (bytesRead === 0) throw new Error('the spool is shorter than what was written to it');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async opened(): Promise<FileHandle> {
    if (this.file !== undefined) return this.file;
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, randomUUID());
    this.file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return this.file;
  }

  private async write(pieces: readonly Uint8Array[]): Promise<void> {
    if (pieces.length === 0) return;
    const bytes = Buffer.concat(pieces);
    try {
      await this.requireSpace();
      const file = await this.opened();
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.end);
        done += bytesWritten;
        this.end += bytesWritten;
      }
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? new OutOfSpace() : error;
    }
  }

  private async requireSpace(): Promise<void> {
    if (this.end < this.checkedAt + CHECK_EVERY) return;
    this.checkedAt = this.end;
    const { bavail, bsize } = await statfs(this.folder);
    if (bavail * bsize < this.floorBytes) throw new OutOfSpace();
  }
}
