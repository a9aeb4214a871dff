import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Bytes } from './zip.js';

/** What is known of bytes when they have all passed. */
export interface Digests {
  readonly size: number;
  readonly crc: number;
  /** Hex. */
  readonly sha256: string;
  readonly sha512: string;
}

/** Reads all bytes, and keeps none. */
export async function digestsOf(bytes: Bytes): Promise<Digests> {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  let [size, crc] = [0, 0];
  for await (const piece of bytes) {
    size += piece.length;
    crc = crc32(piece, crc);
    sha256.update(piece);
    sha512.update(piece);
  }
  return { size, crc, sha256: sha256.digest('hex'), sha512: sha512.digest('hex') };
}
