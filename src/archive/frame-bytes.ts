import { open } from 'node:fs/promises';
import { frameRanges, type ByteRange, type FrameTable } from '../dicom/frame-table.js';
import { transferSyntax } from '../dicom/transfer-syntaxes.js';
import { rangeStream } from './byte-ranges.js';
import { NotInArchive } from './faults.js';
import type { PixelInstanceRow } from './retrieve.sql.js';

/** A frame's stored bytes; `bitOffset` where a 1-bit frame begins inside its first byte (PS3.5 8.1.1). */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly bitOffset: number;
}

type Layout = Pick<PixelInstanceRow, 'frameTable' | 'transferSyntaxUID' | 'dataSetOffset'>;

export const hasFrame = (table: FrameTable | null, frameNumber: number): boolean =>
  table !== null && frameRanges(table, frameNumber) !== undefined;

/** Reads a frame by its table: ranged reads, never a parse. Throws NotInArchive where there is no such frame. */
export async function readFrame(path: string, layout: Layout, frameNumber: number): Promise<FrameBytes> {
  const { frameTable: table } = layout;
  const ranges = table === null ? undefined : frameRanges(table, frameNumber);
  if (!ranges || table === null) throw new NotInArchive('frame');
  const bitOffset = table.kind === 'native' && table.frameBits !== undefined ? ((frameNumber - 1) * table.frameBits) % 8 : 0;
  const inflated = table.kind === 'native' && table.inflated;
  return { bytes: inflated ? await readInflated(path, layout, ranges[0]) : await readRanges(path, ranges), bitOffset };
}

/** Reads one range of the file, or of its inflated data set where the file is deflated. */
export const readRange = (path: string, layout: Layout, range: ByteRange): Promise<Uint8Array> =>
  transferSyntax(layout.transferSyntaxUID)?.deflated ? readInflated(path, layout, range) : readRanges(path, [range]);

/** The lengths lie within the file: the ingest saw these bytes pass. */
async function readRanges(path: string, ranges: readonly ByteRange[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(ranges.reduce((sum, [, length]) => sum + length, 0));
  const handle = await open(path);
  try {
    let at = 0;
    for (const [offset, length] of ranges) {
      await handle.read(bytes, at, length, offset);
      at += length;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}

/** Deflated files (PS3.5 A.5): only the range is held. */
async function readInflated(path: string, layout: Layout, range: ByteRange): Promise<Uint8Array> {
  const bytes = new Uint8Array(range[1]);
  let filled = 0;
  for await (const piece of rangeStream(path, layout, range)) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}
