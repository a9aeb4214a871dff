import { frameRanges, frameReading, type ByteRange, type FrameTable } from '../dicom/frame-table.js';
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntax } from '../dicom/transfer-syntaxes.js';
import { rangeStream } from './byte-ranges.js';
import { NotInArchive } from './faults.js';
import type { FrameInstanceRow, PixelInstanceRow, StoredInstanceRow } from './retrieve.sql.js';
import { StoredBytes, type ObjectReader, type StoredRange } from './stored-bytes.js';

/** A frame's stored bytes; `bitOffset` where it begins inside its first byte or big-endian word (PS3.5 8.1.1). */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly bitOffset: number;
}

type Layout = Pick<StoredInstanceRow, 'sha256' | 'bytes' | 'transferSyntaxUID'> & Pick<PixelInstanceRow, 'dataSetOffset'>;

const ON_RECORD = Promise.resolve();

export const hasFrame = (table: FrameTable | null, frameNumber: number): boolean =>
  table !== null && frameRanges(table, frameNumber) !== undefined;

/**
 * Where a frame's samples or codestream lie in the file, when they can go out as they lie there: compressed ones, and native
 * ones that are little endian, whole bytes long and not in a deflated data set. Undefined where they must be decoded first.
 * @param place  of the frame among those asked for
 * @throws NotInArchive  there is no such frame
 */
export function framePlaces(instance: FrameInstanceRow, frameNumber: number, place: number): readonly StoredRange[] | undefined {
  const { sha256, frameTable: table, ranges } = instance;
  const found = ranges !== null ? ranges[place] : table === null ? undefined : frameRanges(table, frameNumber);
  if (!found) throw new NotInArchive('frame');
  if (table?.kind === 'native' && (table.inflated || table.frameBits !== undefined)) return undefined;
  if (transferSyntax(instance.transferSyntaxUID)?.littleEndian !== true) return undefined;
  return found.map(([offset, length]) => ({ sha256, offset, length }));
}

/** Reads a frame by its table: ranged reads, never a parse. Throws NotInArchive where there is no such frame. */
export async function readFrame(
  storage: ObjectReader,
  layout: Layout & Pick<PixelInstanceRow, 'frameTable' | 'bulkData'>,
  frameNumber: number,
): Promise<FrameBytes> {
  const { frameTable: table } = layout;
  const reading = table === null ? undefined : frameReading(table, frameNumber, bigEndianBytes(layout));
  if (!reading || table === null) throw new NotInArchive('frame');
  const { ranges, bitOffset } = reading;
  const inflated = table.kind === 'native' && table.inflated;
  return { bytes: inflated ? await readInflated(storage, layout, ranges[0]) : await readRanges(storage, layout.sha256, ranges), bitOffset };
}

/** Length of a big-endian Pixel Data; undefined of any other. */
function bigEndianBytes({
  transferSyntaxUID,
  frameTable,
  bulkData,
}: Pick<PixelInstanceRow, 'transferSyntaxUID' | 'frameTable' | 'bulkData'>) {
  if (transferSyntaxUID !== EXPLICIT_VR_BIG_ENDIAN || frameTable?.kind !== 'native') return undefined;
  return bulkData.find(({ offset }) => offset === frameTable.offset)?.length;
}

/** Reads one range of the file, or of its inflated data set where the file is deflated. */
export const readRange = (storage: ObjectReader, layout: Layout, range: ByteRange): Promise<Uint8Array> =>
  transferSyntax(layout.transferSyntaxUID)?.deflated ? readInflated(storage, layout, range) : readRanges(storage, layout.sha256, [range]);

/** The lengths lie within the file: the ingest saw these bytes pass. */
const readRanges = (storage: ObjectReader, sha256: string, ranges: readonly ByteRange[]): Promise<Uint8Array> =>
  new StoredBytes(
    storage,
    ranges.map(([offset, length]) => ({ sha256, offset, length })),
    ON_RECORD,
  ).whole();

/** Deflated files: only the range is held. */
async function readInflated(storage: ObjectReader, layout: Layout, [offset, length]: ByteRange): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const piece of rangeStream(storage, layout, [offset, length])) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}
