import type { BulkData } from './bulk-data.js';
import { DOUBLE_FLOAT_PIXEL_DATA, FLOAT_PIXEL_DATA, isPixelData, PIXEL_DATA } from './bulk-data.js';
import type { DicomJson, Tag } from './dicom-json.js';
import { firstNumber, firstText, tag } from './dicom-json.js';
import type { Fragments } from './fragments.js';
import type { FrameTable } from './frame-table.js';
import { encapsulatedFrames, nativeFrames } from './frame-table.js';
import type { ReadingNotes } from './reading-notes.js';
import type { TransferSyntax } from './transfer-syntaxes.js';
import { RLE_LOSSLESS } from './transfer-syntaxes.js';

const SAMPLES_PER_PIXEL = tag(0x0028, 0x0002);
const PHOTOMETRIC_INTERPRETATION = tag(0x0028, 0x0004);
const NUMBER_OF_FRAMES = tag(0x0028, 0x0008);
const ROWS = tag(0x0028, 0x0010);
const COLUMNS = tag(0x0028, 0x0011);
const BITS_ALLOCATED = tag(0x0028, 0x0100);
const EXTENDED_OFFSET_TABLE = tag(0x7fe0, 0x0001);

/** Float Pixel Data has no Bits Allocated of its own that could differ (PS3.3 C.7.6.24, C.7.6.25). */
const FLOAT_BITS: Readonly<Record<string, number>> = { [FLOAT_PIXEL_DATA]: 32, [DOUBLE_FLOAT_PIXEL_DATA]: 64 };

/** The frame table of an instance, from its Image Pixel module and where its Pixel Data lies. */
export function frameTableOf(
  dataset: DicomJson,
  bulkData: readonly BulkData[],
  fragments: Fragments | undefined,
  syntax: TransferSyntax,
  notes: ReadingNotes,
): FrameTable | undefined {
  const element = [PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA].find((at) => dataset[at] !== undefined);
  if (element === undefined) return undefined;
  notes.tag = element;
  const frames = numberOfFrames(dataset, notes);
  if (fragments !== undefined) {
    if (!syntax.encapsulated) return wrongForm(notes);
    if (syntax.video) return { kind: 'video', fragments: fragments.fragments.map(({ offset, length }) => [offset, length]) };
    const extended = extendedOffsets(dataset);
    return encapsulatedFrames(fragments, { extended }, frames, syntax.uid === RLE_LOSSLESS, notes);
  }
  const native = bulkData.find(({ path }) => isPixelData(path as Tag)); // a path of one step is a tag
  if (native !== undefined && syntax.encapsulated) return wrongForm(notes);
  const shape = {
    rows: firstNumber(dataset, ROWS) ?? 0,
    columns: firstNumber(dataset, COLUMNS) ?? 0,
    samplesPerPixel: firstNumber(dataset, SAMPLES_PER_PIXEL) ?? 1,
    bitsAllocated: FLOAT_BITS[element] ?? firstNumber(dataset, BITS_ALLOCATED) ?? 0,
    photometricInterpretation: firstText(dataset, PHOTOMETRIC_INTERPRETATION) ?? '',
  };
  const { offset, length } = native ?? { offset: 0, length: 0 };
  return nativeFrames(shape, { offset, length, inflated: syntax.deflated }, frames, notes);
}

/** Fragments under a native transfer syntax, or the reverse: what its bytes are could only be guessed. */
function wrongForm(notes: ReadingNotes): undefined {
  notes.warn('pixel-data-form');
  return undefined;
}

/** (0028,0008), 1 where it is absent; undefined where it is no count. */
function numberOfFrames(dataset: DicomJson, notes: ReadingNotes): number | undefined {
  if (dataset[NUMBER_OF_FRAMES]?.Value === undefined) return 1;
  const frames = firstNumber(dataset, NUMBER_OF_FRAMES);
  if (frames !== undefined && Number.isInteger(frames) && frames > 0) return frames;
  notes.warn('number-of-frames-invalid', NUMBER_OF_FRAMES);
  return undefined;
}

/** Offsets of the Extended Offset Table (PS3.3 C.7.6.3.1.8), 64 bits each; those beyond 2^53 meet no fragment anyway. */
function extendedOffsets(dataset: DicomJson): number[] {
  const table = Buffer.from(dataset[EXTENDED_OFFSET_TABLE]?.InlineBinary ?? '', 'base64');
  return Array.from({ length: Math.floor(table.length / 8) }, (_, i) => Number(table.readBigUInt64LE(i * 8)));
}
