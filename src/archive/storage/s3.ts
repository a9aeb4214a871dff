import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { ByteRange } from '../../dicom/frame-table.js';
import { StorageAway } from '../faults.js';
import type { ReceivedFile } from './incoming-file.js';
import { ObjectStorage } from './object-storage.js';
import { checkBucket, s3Client, s3Fault, type S3Place } from './s3-client.js';
import { upload } from './s3-upload.js';

const FILES_AT_ONCE = 8;
/** Ranges of a frame are joined to one request where no more than this lies between two of them: fragments' headers do. */
const GAP_BYTES = 64 << 10;
const ABANDONED_AFTER_MS = 86_400_000;

/** Objects in an S3-compatible store: `PREFIXobjects/ab/abcd….dcm`. Never a list on the way, never a HEAD before a GET. */
export class S3Storage extends ObjectStorage {
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
      await this.client.send(new DeleteObjectCommand(this.target(sha256)));
    } catch {
      throw new StorageAway();
    }
  }

  override async read(sha256: string, from = 0): Promise<Readable> {
    return this.get(sha256, from === 0 ? undefined : `bytes=${from}-`);
  }

  override async readRanges(sha256: string, ranges: readonly ByteRange[]): Promise<Uint8Array> {
    const pieces = await Promise.all(stretches(ranges).map((stretch) => this.readStretch(sha256, stretch)));
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }

  /** One request for ranges that lie close together; what lies between them is passed over. */
  private async readStretch(sha256: string, ranges: readonly ByteRange[]): Promise<Uint8Array> {
    const [start] = ranges[0];
    const [lastOffset, lastLength] = ranges[ranges.length - 1];
    const end = lastOffset + lastLength;
    if (end === start) return new Uint8Array(0);
    const whole = Buffer.allocUnsafe(end - start);
    let filled = 0;
    try {
      for await (const piece of (await this.get(sha256, `bytes=${start}-${end - 1}`)) as AsyncIterable<Buffer>)
        filled += piece.copy(whole, filled);
    } catch (error) {
      throw s3Fault(error);
    }
    if (filled !== whole.length) throw new StorageAway(); // the answer broke off
    if (ranges.length === 1) return whole;
    return Buffer.concat(ranges.map(([offset, length]) => whole.subarray(offset - start, offset - start + length)));
  }

  private async get(sha256: string, range: string | undefined): Promise<Readable> {
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

/** Ranges grouped so that neighbours that ascend with little between them share a group. */
function stretches(ranges: readonly ByteRange[]): ByteRange[][] {
  const groups: ByteRange[][] = [];
  for (const range of ranges) {
    const last = groups.at(-1)?.at(-1);
    const gap = last === undefined ? -1 : range[0] - (last[0] + last[1]);
    if (gap >= 0 && gap <= GAP_BYTES) groups[groups.length - 1].push(range);
    else groups.push([range]);
  }
  return groups;
}
