import { createHash, type Hash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { OutOfSpace } from '../faults.js';

const WRITE_AT_ONCE = 1 << 20;
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

/** A file being received: written in large pieces, hashed as the bytes pass. */
export class IncomingFile {
  private readonly hash: Hash = createHash('sha256');
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private bytes = 0;
  private looked = 0;

  private handle: FileHandle | undefined;

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

  /** All bytes were given: they are written when this answers, and on their way to stable storage. Throws OutOfSpace. */
  async finish(): Promise<ReceivedFile> {
    try {
      await this.flush();
      this.handle ??= await open(this.path, 'wx', 0o600); // not a byte came
    } catch (error) {
      await this.handle?.close();
      throw spaceFault(error);
    }
    const durable = synced(this.handle);
    durable.catch(() => undefined); // heard by whoever keeps the file
    return { sha256: this.hash.digest('hex'), bytes: this.bytes, path: this.path, durable };
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
    if (this.bytes - this.looked >= LOOK_AFTER) {
      this.looked = this.bytes;
      await this.requireSpace();
    }
    try {
      this.handle ??= await open(this.path, 'wx', 0o600);
      const { bytesWritten } = await this.handle.writev(pieces);
      left -= bytesWritten;
      if (left > 0) await this.handle.writeFile(Buffer.concat(pieces).subarray(bytesWritten)); // a short write: the rest
    } catch (error) {
      throw spaceFault(error);
    }
  }
}

/** The file's bytes on stable storage, and the file closed. Throws OutOfSpace. */
export async function synced(handle: FileHandle): Promise<void> {
  try {
    await handle.datasync();
  } catch (error) {
    throw spaceFault(error);
  } finally {
    await handle.close();
  }
}

/** A disk or quota that is full is a fault that the sender is told; anything else stays what it is. */
export const spaceFault = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '') ? new OutOfSpace() : error;
