import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { StorageAway } from '../faults.js';
import type { ReceivedFile } from './incoming-file.js';
import { ObjectStorage } from './object-storage.js';
import { checkBucket, s3Client, s3Fault, type S3Place } from './s3-client.js';
import { upload } from './s3-upload.js';

const FILES_AT_ONCE = 8;
const DISCARD_WITHIN_MS = 10_000;
const ABANDONED_AFTER_MS = 86_400_000;

/** Objects in an S3-compatible store: `PREFIXobjects/ab/abcd….dcm`. Never a list on the way, never a HEAD before a GET. */
export class S3Storage extends ObjectStorage {
  /** Every request costs a round trip, so more comes with each than a disk is asked for. */
  override readonly chunkBytes = 8 << 20;
  private readonly client: S3Client;

  /** `folder`: where files are received before they are put. */
  constructor(
    folder: string,
    floorBytes: number,
    private readonly place: S3Place,
  ) {
    super(folder, floorBytes);
    this.client = s3Client(place);
  }

  override async open(): Promise<void> {
    await checkBucket(this.client, this.place);
    await this.abortAbandoned();
  }

  override async keep(files: readonly ReceivedFile[]): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    const once = new Map(files.map((file) => [file.sha256, file]));
    const waiting = once.values();
    const sender = async (): Promise<void> => {
      for (const file of waiting) if (!(await upload(this.client, this.target(file.sha256), file))) there.add(file.sha256);
    };
    try {
      await Promise.all(Array.from({ length: FILES_AT_ONCE }, sender));
    } catch {
      throw new StorageAway();
    }
    return there;
  }

  override async discard(sha256: string): Promise<void> {
    try {
      // Stores wait while objects are removed: not for long, whatever the store does.
      await this.client.send(new DeleteObjectCommand(this.target(sha256)), { abortSignal: AbortSignal.timeout(DISCARD_WITHIN_MS) });
    } catch {
      throw new StorageAway();
    }
  }

  override async readInto(sha256: string, target: Uint8Array, offset: number): Promise<void> {
    if (target.length === 0) return;
    let filled = 0;
    try {
      for await (const piece of (await this.get(sha256, `bytes=${offset}-${offset + target.length - 1}`)) as AsyncIterable<Buffer>) {
        target.set(piece.subarray(0, target.length - filled), filled);
        filled += piece.length;
      }
    } catch (error) {
      throw s3Fault(error);
    }
    if (filled !== target.length) throw new StorageAway(); // the answer broke off
  }

  private async get(sha256: string, range: string): Promise<Readable> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ ...this.target(sha256), Range: range }));
      if (Body instanceof Readable) return Body;
    } catch (error) {
      throw s3Fault(error);
    }
    throw new StorageAway();
  }

  /** Uploads in parts that a killed server left open are given up a day later; others may be another server's. */
  private async abortAbandoned(): Promise<void> {
    const { bucket: Bucket, prefix } = this.place;
    try {
      const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: `${prefix}objects/` }));
      for (const { Key, UploadId, Initiated } of Uploads)
        if (Initiated && Date.now() - Initiated.getTime() > ABANDONED_AFTER_MS)
          await this.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    } catch {
      // Credentials may be without the right to list: such parts are then for the bucket's own lifecycle rules.
    }
  }

  private target(sha256: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}objects/${sha256.slice(0, 2)}/${sha256}.dcm` };
  }
}
