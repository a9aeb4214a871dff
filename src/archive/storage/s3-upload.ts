import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ReceivedFile } from './incoming-file.js';
import { statusOf } from './s3-client.js';

/** Bytes of a part; S3 asks for 5 MiB at least and 10,000 parts at most: objects up to 80 GiB. */
const PART_BYTES = 8 << 20;
const PARTS_AT_ONCE = 2;
const MEDIA_TYPE = 'application/dicom';

interface Target {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * Puts a file under its key unless an object is there (`If-None-Match: *`); answers true when it was new. The server checks
 * the MD5 of each piece before it takes it. An object of another length is not these bytes: it is put again.
 */
export async function upload(client: S3Client, target: Target, file: ReceivedFile): Promise<boolean> {
  const bytes = file.bytes < 0 ? (await stat(file.path)).size : file.bytes;
  const handle = await open(file.path);
  try {
    if (await put(client, target, handle, bytes, '*')) return true;
    const { ContentLength } = await client.send(new HeadObjectCommand(target));
    if (ContentLength === bytes) return false;
    return await put(client, target, handle, bytes, undefined);
  } finally {
    await handle.close();
  }
}

/** Answers false where the condition did not hold. */
async function put(client: S3Client, target: Target, handle: FileHandle, bytes: number, ifNoneMatch: '*' | undefined): Promise<boolean> {
  try {
    if (bytes > PART_BYTES) return await putInParts(client, target, handle, bytes, ifNoneMatch);
    const body = await piece(handle, 0, bytes);
    await client.send(
      new PutObjectCommand({ ...target, Body: body, ContentMD5: md5(body), ContentType: MEDIA_TYPE, IfNoneMatch: ifNoneMatch }),
    );
    return true;
  } catch (error) {
    if (statusOf(error) === 412) return false;
    throw error;
  }
}

/** Multipart: each part is read when its turn comes, so that memory is bounded whatever the file's size. */
async function putInParts(
  client: S3Client,
  target: Target,
  handle: FileHandle,
  bytes: number,
  ifNoneMatch: '*' | undefined,
): Promise<boolean> {
  if (ifNoneMatch !== undefined && (await exists(client, target))) return false; // parts sent in vain cost more than a look
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ContentType: MEDIA_TYPE }));
  try {
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];
    const count = Math.ceil(bytes / PART_BYTES);
    let next = 0;
    const sender = async (): Promise<void> => {
      while (next < count) {
        const at = next++;
        const body = await piece(handle, at * PART_BYTES, Math.min(PART_BYTES, bytes - at * PART_BYTES));
        const sent = await client.send(
          new UploadPartCommand({ ...target, UploadId, PartNumber: at + 1, Body: body, ContentMD5: md5(body) }),
        );
        parts[at] = { PartNumber: at + 1, ETag: sent.ETag };
      }
    };
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sender));
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts }, IfNoneMatch: ifNoneMatch }),
    );
    return true;
  } catch (error) {
    // Parts of an upload that never ends are kept and paid for; where this fails too, the next start sweeps them.
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    throw error;
  }
}

export async function exists(client: S3Client, target: Target): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand(target));
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

async function piece(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new Error('a received file is shorter than what came');
    filled += bytesRead;
  }
  return bytes;
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64');
