import { createHash, type Hash } from 'node:crypto';
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { OutOfSpace } from '../faults.js';

// File descriptors, not FileHandles: a handle costs the server's thread several times what its call does.
const [open, writev, fdatasync, rename, unlink] = [
  promisify(fs.open),
  promisify(fs.writev),
  promisify(fs.fdatasync),
  promisify(fs.rename),
  promisify(fs.unlink),
];

const WRITE_AT_ONCE = 1 << 20;
/** How many bytes of one file may come before the free space is looked at again. */
const LOOK_AFTER = 32 << 20;

/** A file whose bytes are all here and hashed, but not yet in the store. */
export interface ReceivedFile {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
  /** Resolves when it stands under its path. */
  readonly named: Promise<void>;
  /** Resolves when its bytes are on this machine's stable storage. Throws OutOfSpace. */
  readonly durable: Promise<void>;
}

/** A file being received: written in large pieces, hashed as the bytes pass. */
export class IncomingFile {
  private readonly hash: Hash = createHash('sha256');
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private bytes = 0;
  private looked = 0;

  private descriptor: number | undefined;

  /** `requireSpace` throws OutOfSpace when the file may not grow any more. */
  constructor(
    private readonly path: string,
    private readonly requireSpace: () => Promise<void>,
  ) {}

  /** What has come so far: its SHA-256 and length. The last thing asked of a file that is given up. */
  get arrived(): { readonly sha256: string; readonly bytes: number } {
    return { sha256: this.hash.copy().digest('hex'), bytes: this.bytes };
  }

  /** Takes note of bytes that are not kept. */
  pass(piece: Uint8Array): void {
    this.hash.update(piece);
    this.bytes += piece.length;
  }

  /** Takes the next bytes. The piece must not be changed afterwards. Throws OutOfSpace. */
  async write(piece: Uint8Array): Promise<void> {
    this.pass(piece);
    this.waiting.push(piece);
    this.waitingBytes += piece.length;
    if (this.waitingBytes >= WRITE_AT_ONCE) await this.flush();
  }

  /**
   * All bytes were given: they are written when this answers, on their way to stable storage and to the name that
   * `nameOf` gives for their SHA-256. Throws OutOfSpace.
   */
  async finish(nameOf: (sha256: string) => string): Promise<ReceivedFile> {
    await this.flush();
    const descriptor = (this.descriptor ??= await this.create()); // not a byte came
    this.descriptor = undefined;
    const sha256 = this.hash.digest('hex');
    const path = nameOf(sha256);
    const [named, durable] = [rename(this.path, path), synced(descriptor)];
    for (const step of [named, durable]) step.catch(() => undefined); // heard by whoever keeps the file
    return { sha256, bytes: this.bytes, path, named, durable };
  }

  /** Gives the file up. */
  async abandon(): Promise<void> {
    if (this.descriptor === undefined) return;
    fs.closeSync(this.descriptor);
    this.descriptor = undefined;
    await unlink(this.path);
  }

  private async flush(): Promise<void> {
    const pieces = this.waiting;
    const length = this.waitingBytes;
    this.waiting = [];
    this.waitingBytes = 0;
    if (length === 0) return;
    if (this.bytes - this.looked >= LOOK_AFTER) {
      this.looked = this.bytes;
      await this.requireSpace();
    }
    this.descriptor ??= await this.create();
    try {
      const { bytesWritten } = await writev(this.descriptor, pieces);
      // A short write: the rest.
      for (let at = bytesWritten; at < length;) at += (await writev(this.descriptor, [Buffer.concat(pieces).subarray(at)])).bytesWritten;
    } catch (error) {
      throw spaceFault(error);
    }
  }

  private create(): Promise<number> {
    return open(this.path, 'wx', 0o600).catch((error: unknown) => {
      throw spaceFault(error);
    });
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
    await promisify(fs.fsync)(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A disk or quota that is full is a fault that the sender is told; anything else stays what it is. */
export const spaceFault = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '') ? new OutOfSpace() : error;
