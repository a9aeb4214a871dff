import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { OutOfSpace } from '../faults.js';
import { FileThread } from './file-thread.js';
import { ObjectClaims } from './object-claims.js';
import { IncomingFile, syncedFile, type ReceivedFile } from './incoming-file.js';

const ON_ITS_WAY = '.part';

/** A file of an earlier run on its way in. */
export type LeftoverFile = ReceivedFile & { readonly tenant: number; readonly derived: boolean };

/**
 * Where the bytes of stored instances lie: objects by their SHA-256, written once. Two forms: `disk.ts` and `s3.ts`.
 * What both do alike is the way in: bytes are received into `incoming/` on this machine; what is found there after a
 * crash was never acknowledged, or is in the index already.
 */
export abstract class ObjectStorage {
  /** Whoever stores or removes objects claims them first. */
  readonly claims = new ObjectClaims();
  protected readonly incoming: string;
  private readonly thread = new FileThread();
  private readonly aside: string;

  /** `floorBytes`: no file grows while less than this is free in `folder`. */
  constructor(
    readonly folder: string,
    private readonly floorBytes: number,
  ) {
    this.incoming = join(folder, 'incoming');
    this.aside = join(folder, 'quarantine');
    for (const path of [this.incoming, this.aside]) mkdirSync(path, { recursive: true });
  }

  /** Makes sure that the store can be used. Throws StoreUnusable with what a person can mend. */
  abstract open(): Promise<void>;

  /**
   * Makes files durable under their hashes; they stay in `incoming/` until `settle`. Answers the hashes that were there
   * already. Throws StorageAway or OutOfSpace; then none of them may be acknowledged.
   */
  abstract keep(files: readonly ReceivedFile[]): Promise<ReadonlySet<string>>;

  /** Removes an object that nothing refers to; one that is not there is no error. Throws StorageAway. */
  abstract discard(sha256: string): Promise<void>;

  /** How many bytes a reader asks for at once. */
  abstract readonly chunkBytes: number;

  /** Fills `target` with the bytes of an object from an offset on. Throws ObjectMissing where there are fewer, StorageAway. */
  abstract readInto(sha256: string, target: Uint8Array, offset: number): Promise<void>;

  /** A file to receive bytes into; it is made when the first of them are written. */
  receive(): IncomingFile {
    return new IncomingFile(this.thread, join(this.incoming, `${randomUUID()}${ON_ITS_WAY}`), () => this.requireSpace());
  }

  /** How a received file is named in `incoming/`, around its hash: so that after a crash it can be told whether it is whole. */
  receivedName(tenant: number, derived: boolean): { readonly prefix: string; readonly suffix: string } {
    return { prefix: join(this.incoming, '/'), suffix: `.${randomUUID()}.${tenant}.${derived ? 'derived' : 'received'}.dcm` };
  }

  /** Takes files out of `incoming/`, now or soon: the index has decided about them. */
  async settle(files: readonly ReceivedFile[]): Promise<void> {
    await Promise.all(files.map((file) => rm(file.path, { force: true })));
  }

  /** Finishes what was left for later. */
  async close(): Promise<void> {
    await this.thread.close();
  }

  /**
   * What a crash left on the way in: by their names whole files by their hash, and how many that were not. Of these, what was
   * cut short was never acknowledged and goes, as it does when a connection breaks; what has another name goes to `quarantine/`.
   */
  async leftovers(): Promise<{ whole: LeftoverFile[]; broken: number }> {
    const whole: LeftoverFile[] = [];
    let broken = 0;
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      // Older servers had one tenant.
      const [, sha256, tenant = '1', origin] =
        /^([0-9a-f]{64})\.[0-9a-f-]{36}(?:\.([1-9]\d{0,8}))?\.(received|derived)\.dcm$/.exec(name) ?? [];
      if (sha256 !== undefined) {
        const durable = syncedFile(path);
        durable.catch(() => undefined); // heard by whoever keeps the file
        whole.push({ sha256, path, bytes: -1, tenant: Number(tenant), derived: origin === 'derived', durable });
      } else {
        broken += 1;
        await (name.endsWith(ON_ITS_WAY) ? rm(path, { force: true }) : rename(path, join(this.aside, name)));
      }
    }
    return { whole, broken };
  }

  /** Moves a file out of the way without losing it. */
  async quarantine(file: ReceivedFile): Promise<void> {
    await rename(file.path, join(this.aside, `${file.sha256}.${randomUUID()}.dcm`));
  }

  /** Free space in bytes for an ordinary user, where files are received. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }

  private async requireSpace(): Promise<void> {
    if ((await this.freeBytes()) < this.floorBytes) throw new OutOfSpace();
  }
}
