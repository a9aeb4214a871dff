import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { ByteRange } from '../dicom/frame-table.js';
import { transferSyntax } from '../dicom/transfer-syntaxes.js';
import { NotInArchive } from './faults.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { ObjectReader } from './stored-bytes.js';

/** What of an instance tells where its bytes lie. */
export type ByteLayout = Pick<PixelInstanceRow, 'sha256' | 'bytes' | 'transferSyntaxUID' | 'dataSetOffset'>;

/** A range of the file as a stream, or of its inflated data set where the file is deflated; never more than a piece held. */
export function rangeStream(storage: ObjectReader, layout: ByteLayout, range: ByteRange): AsyncIterable<Uint8Array> {
  const { deflated } = transferSyntax(layout.transferSyntaxUID) ?? {};
  return deflated ? inflatedRange(storage, layout, range) : storedRange(storage, layout.sha256, range);
}

async function* storedRange(storage: ObjectReader, sha256: string, [offset, length]: ByteRange): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += storage.chunkBytes) {
    const piece = Buffer.allocUnsafeSlow(Math.min(storage.chunkBytes, length - at));
    await storage.readInto(sha256, piece, offset + at);
    yield piece;
  }
}

/** Deflated files (PS3.5 A.5): the data set is inflated up to the range's end. */
async function* inflatedRange(
  storage: ObjectReader,
  { sha256, bytes, dataSetOffset }: ByteLayout,
  [offset, length]: ByteRange,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(storedRange(storage, sha256, [dataSetOffset, bytes - dataSetOffset]), { objectMode: false });
  const inflate = source.pipe(createInflateRaw());
  source.on('error', (error) => inflate.destroy(error));
  let found = 0;
  try {
    for await (const piece of part(inflate as AsyncIterable<Buffer>, offset, offset + length)) {
      found += piece.length;
      yield piece;
    }
  } finally {
    source.destroy();
    inflate.destroy();
  }
  if (found < length) throw new NotInArchive('frame');
}

/** A part of a stream, from a byte up to another; what comes behind it is not read. */
export async function* part(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of stream) {
    const wanted = piece.subarray(Math.max(0, from - at), Math.max(0, to - at));
    at += piece.length;
    if (wanted.length > 0) yield wanted;
    if (at >= to) return;
  }
}

/** A stream cut into equal lengths; what is left over at its end is dropped. Each cut owns its memory. */
export async function* cutEqual(stream: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let cut = new Uint8Array(length);
  let filled = 0;
  for await (const piece of stream)
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + length - filled);
      cut.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < length) continue;
      yield cut;
      cut = new Uint8Array(length);
      filled = 0;
    }
}
