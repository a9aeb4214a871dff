import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { OutOfSpace } from '../faults.js';
import type { FileAnswer, FileRequest } from './file-request.js';
import type { FileThread } from './file-thread.js';

// File descriptors, not FileHandles: a handle costs the server's thread several times what its call does.
const [open, fdatasync, fsync] = [promisify(fs.open), promisify(fs.fdatasync), promisify(fs.fsync)];

/** How many bytes of one file may come before the free space is looked at again. */
const LOOK_AFTER = 32 << 20;

/** A file whose bytes are all here and hashed, but not yet in the store. */
export interface ReceivedFile {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
  /** Resolves when its bytes are on this machine's stable storage. Throws OutOfSpace. */
  readonly durable: Promise<void>;
}

/** What came of a file: SHA-256 (64 hex digits) and length. */
export interface Arrived {
  readonly sha256: string;
  readonly bytes: number;
}

/** A file being received: hashed and written by the file thread, in large pieces; one is filled while another is written. */
export class IncomingFile {
  private readonly file: number;
  private slab: Buffer | undefined;
  private filled = 0;
  private bytes = 0;
  private looked = 0;
  private keep = true;
  private sending: Promise<FileAnswer | undefined> = Promise.resolve(undefined);

  /** `requireSpace` throws OutOfSpace when the file may not grow any more. */
  constructor(
    private readonly thread: FileThread,
    private readonly path: string,
    private readonly requireSpace: () => Promise<void>,
  ) {
    this.file = thread.nextFile();
  }

  /** Takes the next bytes. The piece may be used again afterwards. Throws OutOfSpace. */
  write(piece: Uint8Array): void | Promise<void> {
    const slab = (this.slab ??= this.thread.slab());
    if (this.filled + piece.length >= slab.length) return this.writeOver(piece);
    slab.set(piece, this.filled);
    this.filled += piece.length;
    this.bytes += piece.length;
  }

  /** Takes note of bytes that are not kept: of a file that will be given up. */
  pass(piece: Uint8Array): void | Promise<void> {
    this.keep = false;
    return this.write(piece);
  }

  /**
   * All bytes were given: they are written under prefix + SHA-256 + suffix when this answers, and on their way to stable storage.
   * Throws OutOfSpace.
   */
  async finish(name: { readonly prefix: string; readonly suffix: string }): Promise<ReceivedFile> {
    const { sha256 = '', descriptor = -1 } = await this.send(name);
    const durable = synced(descriptor);
    durable.catch(() => undefined); // heard by whoever keeps the file
    return { sha256, bytes: this.bytes, path: `${name.prefix}${sha256}${name.suffix}`, durable };
  }

  /** Gives the file up, and says what had come of it. */
  async abandon(): Promise<Arrived> {
    await this.sending.catch(() => undefined); // it failed: that is why
    this.keep = false; // on a full disk the rest would fail again
    const { sha256 = '' } = await this.ask('give up');
    return { sha256, bytes: this.bytes };
  }

  private async writeOver(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length;) {
      const slab = (this.slab ??= this.thread.slab());
      const part = piece.subarray(at, at + slab.length - this.filled);
      slab.set(part, this.filled);
      this.filled += part.length;
      this.bytes += part.length;
      at += part.length;
      if (this.filled === slab.length) await this.sendFull();
    }
  }

  /** The one before must be written: two pieces at once are all that a file holds. */
  private async sendFull(): Promise<void> {
    await this.sending;
    if (this.keep && this.bytes - this.looked >= LOOK_AFTER) {
      this.looked = this.bytes;
      await this.requireSpace();
    }
    this.sending = this.ask('more');
    this.sending.catch(() => undefined); // heard before the next
  }

  private async send(after: FileRequest['after']): Promise<FileAnswer> {
    await this.sending;
    return this.ask(after);
  }

  private async ask(after: FileRequest['after']): Promise<FileAnswer> {
    const [slab, length] = [this.slab, this.filled];
    this.slab = undefined;
    this.filled = 0;
    const { file, path, keep } = this;
    const answer = await this.thread.ask({ file, path, slab: slab?.buffer as ArrayBuffer | undefined, length, keep, after });
    if (answer.failed !== undefined)
      throw spaceFault(Object.assign(new Error('a received file could not be written'), { code: answer.failed }));
    return answer;
  }
}

/** The file's bytes on stable storage, and the file closed. Throws OutOfSpace. */
async function synced(descriptor: number): Promise<void> {
  try {
    await fdatasync(descriptor);
  } catch (error) {
    throw spaceFault(error);
  } finally {
    fs.closeSync(descriptor); // nothing is left to be written: it does not wait
  }
}

/** The same for a file that an earlier run left. */
export const syncedFile = async (path: string): Promise<void> => synced(await open(path, 'r+'));

/** A folder's entries on stable storage. */
export async function syncedFolder(path: string): Promise<void> {
  const descriptor = await open(path, 'r');
  try {
    await fsync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A disk or quota that is full is a fault that the sender is told; anything else stays what it is. */
export const spaceFault = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '') ? new OutOfSpace() : error;
