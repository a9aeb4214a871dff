import { createInflateRaw } from 'node:zlib';
import { frameRanges, type ByteRange, type FrameTable } from '../dicom/frame-table.js';
import { transferSyntax } from '../dicom/transfer-syntaxes.js';
import { NotInArchive } from './faults.js';
import type { PixelInstanceRow } from './retrieve.sql.js';
import type { ObjectStorage } from './storage/object-storage.js';

/** A frame's stored bytes; `bitOffset` where a 1-bit frame begins inside its first byte (PS3.5 8.1.1). */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly bitOffset: number;
}

type Layout = Pick<PixelInstanceRow, 'sha256' | 'frameTable' | 'transferSyntaxUID' | 'dataSetOffset'>;

export const hasFrame = (table: FrameTable | null, frameNumber: number): boolean =>
  table !== null && frameRanges(table, frameNumber) !== undefined;

/** Reads a frame by its table: ranged reads, never a parse. Throws NotInArchive where there is no such frame. */
export async function readFrame(storage: ObjectStorage, layout: Layout, frameNumber: number): Promise<FrameBytes> {
  const { frameTable: table } = layout;
  const ranges = table === null ? undefined : frameRanges(table, frameNumber);
  if (!ranges || table === null) throw new NotInArchive('frame');
  const bitOffset = table.kind === 'native' && table.frameBits !== undefined ? ((frameNumber - 1) * table.frameBits) % 8 : 0;
  const inflated = table.kind === 'native' && table.inflated;
  return { bytes: inflated ? await readInflated(storage, layout, ranges[0]) : await storage.readRanges(layout.sha256, ranges), bitOffset };
}

/** Reads one range of the file, or of its inflated data set where the file is deflated. */
export const readRange = (storage: ObjectStorage, layout: Layout, range: ByteRange): Promise<Uint8Array> =>
  transferSyntax(layout.transferSyntaxUID)?.deflated ? readInflated(storage, layout, range) : storage.readRanges(layout.sha256, [range]);

/** Deflated files (PS3.5 A.5): the data set is inflated up to the range's end, and only the range is held. */
async function readInflated(storage: ObjectStorage, layout: Layout, [offset, length]: ByteRange): Promise<Uint8Array> {
  const source = await storage.read(layout.sha256, layout.dataSetOffset);
  const inflate = source.pipe(createInflateRaw());
  source.on('error', (error) => inflate.destroy(error));
  const bytes = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      const from = Math.max(0, offset - at);
      const part = piece.subarray(from, Math.max(from, offset + length - at));
      bytes.set(part, filled);
      filled += part.length;
      at += piece.length;
      if (filled === length) return bytes;
    }
  } finally {
    source.destroy();
    inflate.destroy();
  }
  throw new NotInArchive('frame');
}
