import { firstNumber, firstText, tag, type DicomJson, type Tag } from './dicom-json.js';
import { lutItems, modalityTransform, voiOf } from './frame-transforms.js';
import { LUT_DATA, type BulkBytes, type LookupTable } from './lookup-table.js';
import { modalityValue, type ModalityTransform } from './modality-lut.js';
import { PALETTE_DATA_TAGS, readPalette, type Palette } from './palette-lut.js';
import { InvalidPixelDescription, NoPixelData, PixelsTooLarge } from './pixel-faults.js';
import type { SampleLayout } from './stored-values.js';
import { EXPLICIT_VR_BIG_ENDIAN } from './transfer-syntaxes.js';
import type { Voi } from './voi-lut.js';

/** Most samples of one frame: 16,384 × 16,384, a gigabyte at 32 bits. Larger ones come tiled. */
export const MAX_FRAME_SAMPLES = 268_435_456;

/** What one frame's bytes mean (PS3.3 C.7.6.3, C.11.1, C.11.2). Plain data: it may be posted to another thread. */
export interface ImagePixels extends SampleLayout {
  readonly transferSyntaxUID: string;
  /** VR of the element that holds the pixels: it decides how big-endian bytes are swapped */
  readonly pixelDataVR: string;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometricInterpretation: string;
  /** 0 colour by pixel, 1 colour by plane */
  readonly planarConfiguration: 0 | 1;
  readonly numberOfFrames: number;
  /** stored values that are not image, both ends included (C.7.5.1.1.2) */
  readonly padding?: { readonly low: number; readonly high: number };
  readonly modality: ModalityTransform;
  readonly voi: Voi;
  /** Presentation LUT Shape (2050,0020): INVERSE draws the greatest value black, as MONOCHROME1 does */
  /** of a presentation state, in the place of a shape: of the VOI LUT's whole range, whatever its first value mapped (PS3.3 C.11.6.1) */
  readonly presentationLut?: LookupTable;
  readonly presentationLutShape: 'IDENTITY' | 'INVERSE';
  readonly palette?: Palette;
}

const SAMPLES_PER_PIXEL = tag(0x0028, 0x0002);
const PHOTOMETRIC_INTERPRETATION = tag(0x0028, 0x0004);
const PLANAR_CONFIGURATION = tag(0x0028, 0x0006);
const NUMBER_OF_FRAMES = tag(0x0028, 0x0008);
const ROWS = tag(0x0028, 0x0010);
const COLUMNS = tag(0x0028, 0x0011);
const BITS_ALLOCATED = tag(0x0028, 0x0100);
const BITS_STORED = tag(0x0028, 0x0101);
const HIGH_BIT = tag(0x0028, 0x0102);
const PIXEL_REPRESENTATION = tag(0x0028, 0x0103);
/** Pixel Padding Value and its Range Limit, for each kind of pixel data (C.7.5.1.1.2). */
const PADDING = {
  integer: [tag(0x0028, 0x0120), tag(0x0028, 0x0121)],
  float: [tag(0x0028, 0x0122), tag(0x0028, 0x0124)],
  double: [tag(0x0028, 0x0123), tag(0x0028, 0x0125)],
} as const;
const PRESENTATION_LUT_SHAPE = tag(0x2050, 0x0020);
const PIXEL_ELEMENTS = [
  { at: tag(0x7fe0, 0x0010), sampleForm: 'integer' },
  { at: tag(0x7fe0, 0x0008), sampleForm: 'float' },
  { at: tag(0x7fe0, 0x0009), sampleForm: 'double' },
] as const;

/**
 * Describes the pixels of one frame (PS3.3 C.7.6.3), checked: what leaves here can be trusted to be in range.
 * @param dataset  with the pixel data element itself present (its value may be left as bulk data)
 * @param frame  from 1: picks the functional groups of an enhanced multi-frame object
 * @param bulk  gives LUT data that the data set names by BulkDataURI, as they lie in the file (big endian is undone here);
 *   which ones it will be asked for, lutBulkDataURIs tells
 * @throws NoPixelData, InvalidPixelDescription, PixelsTooLarge
 */
export function describePixels(dataset: DicomJson, transferSyntaxUID: string, frame = 1, bulk: BulkBytes = () => undefined): ImagePixels {
  const lutBytes = littleEndianLuts(transferSyntaxUID, bulk);
  const element = PIXEL_ELEMENTS.find(({ at }) => dataset[at] !== undefined);
  if (element === undefined) throw new NoPixelData();
  const shape = shapeOf(dataset, frame);
  const layout = layoutOf(dataset, element.sampleForm);
  const signed = layout.sampleForm !== 'integer' || layout.pixelRepresentation === 1;
  const modality = modalityTransform(dataset, frame, signed, lutBytes);
  const palette = shape.photometricInterpretation === 'PALETTE COLOR' ? readPalette(dataset, signed, lutBytes) : undefined;
  const padding = paddingOf(dataset, layout);
  return {
    ...shape,
    ...layout,
    transferSyntaxUID,
    pixelDataVR: dataset[element.at].vr,
    ...(padding && { padding }),
    modality,
    voi: voiOf(dataset, frame, lowestValue(layout, modality) < 0, lutBytes),
    presentationLutShape: firstText(dataset, PRESENTATION_LUT_SHAPE)?.trim() === 'INVERSE' ? 'INVERSE' : 'IDENTITY',
    ...(palette && { palette }),
  };
}

/** The LUTs that a data set leaves as bulk data: describePixels asks for these by their URI. */
export function lutBulkDataURIs(dataset: DicomJson): string[] {
  return [...lutItems(dataset).map((item) => item[LUT_DATA]), ...PALETTE_DATA_TAGS.map((at) => dataset[at])].flatMap(
    (element) => element?.BulkDataURI ?? [],
  );
}

/** LUT data are 16-bit words, whether their VR is US, SS or OW: of a file in big endian they are turned. */
export function littleEndianLuts(transferSyntaxUID: string, bulk: BulkBytes): BulkBytes {
  if (transferSyntaxUID !== EXPLICIT_VR_BIG_ENDIAN) return bulk;
  return (uri) => {
    const bytes = bulk(uri);
    return bytes && Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
  };
}

function shapeOf(dataset: DicomJson, frame: number) {
  const rows = whole(dataset, ROWS, 'Rows', 1, 65535);
  const columns = whole(dataset, COLUMNS, 'Columns', 1, 65535);
  const samplesPerPixel = whole(dataset, SAMPLES_PER_PIXEL, 'Samples per Pixel', 1, 4);
  const samples = rows * columns * samplesPerPixel;
  if (samples > MAX_FRAME_SAMPLES) throw new PixelsTooLarge(samples);
  const photometricInterpretation = firstText(dataset, PHOTOMETRIC_INTERPRETATION)?.trim();
  if (photometricInterpretation === undefined) throw new InvalidPixelDescription('Photometric Interpretation is absent');
  const single = /^(MONOCHROME[12]|PALETTE COLOR)$/.test(photometricInterpretation);
  if (single !== (samplesPerPixel === 1)) throw new InvalidPixelDescription('Samples per Pixel contradicts Photometric Interpretation');
  // Absent where it is required means 0 to every reader (old writers leave it out).
  const planarConfiguration = firstNumber(dataset, PLANAR_CONFIGURATION) === 1 && samplesPerPixel > 1 ? 1 : 0;
  const numberOfFrames =
    dataset[NUMBER_OF_FRAMES]?.Value === undefined ? 1 : whole(dataset, NUMBER_OF_FRAMES, 'Number of Frames', 1, 2 ** 31 - 1);
  if (!Number.isInteger(frame) || frame < 1 || frame > numberOfFrames)
    throw new InvalidPixelDescription('the frame asked for is beyond Number of Frames');
  return { rows, columns, samplesPerPixel, photometricInterpretation, planarConfiguration, numberOfFrames } as const;
}

function layoutOf(dataset: DicomJson, sampleForm: SampleLayout['sampleForm']): SampleLayout {
  if (sampleForm !== 'integer') {
    const bits = sampleForm === 'float' ? 32 : 64;
    if (whole(dataset, BITS_ALLOCATED, 'Bits Allocated', 1, 64) !== bits)
      throw new InvalidPixelDescription(`Bits Allocated is not ${bits} for floating point pixels`);
    return { bitsAllocated: bits, bitsStored: bits, highBit: bits - 1, pixelRepresentation: 1, sampleForm };
  }
  const bitsAllocated = whole(dataset, BITS_ALLOCATED, 'Bits Allocated', 1, 64);
  if (![1, 8, 16, 32].includes(bitsAllocated)) throw new InvalidPixelDescription(`Bits Allocated is ${bitsAllocated}`);
  const bitsStored = whole(dataset, BITS_STORED, 'Bits Stored', 1, bitsAllocated);
  const highBit =
    dataset[HIGH_BIT]?.Value === undefined ? bitsStored - 1 : whole(dataset, HIGH_BIT, 'High Bit', bitsStored - 1, bitsAllocated - 1);
  const pixelRepresentation = whole(dataset, PIXEL_REPRESENTATION, 'Pixel Representation', 0, 1) === 1 ? 1 : 0;
  return { bitsAllocated, bitsStored, highBit, pixelRepresentation, sampleForm };
}

function paddingOf(dataset: DicomJson, layout: SampleLayout): ImagePixels['padding'] {
  const [valueTag, limitTag] = PADDING[layout.sampleForm];
  const value = firstNumber(dataset, valueTag);
  if (value === undefined) return undefined;
  const limit = firstNumber(dataset, limitTag) ?? value;
  const [first, last] = [asStored(value, layout), asStored(limit, layout)];
  return { low: Math.min(first, last), high: Math.max(first, last) };
}

/** A padding value in the stored values' range: some writers give US where SS is due, or the other way round. */
function asStored(value: number, { pixelRepresentation, bitsStored, sampleForm }: SampleLayout): number {
  if (sampleForm !== 'integer') return value;
  const span = 2 ** bitsStored;
  if (pixelRepresentation === 1 && value >= span / 2 && value < span) return value - span;
  if (pixelRepresentation === 1 && bitsStored < 16 && value >= 0x8000 && value <= 0xffff) return value - 0x1_0000;
  return pixelRepresentation === 0 && value < 0 ? value + span : value;
}

function lowestValue({ pixelRepresentation, bitsStored }: SampleLayout, modality: ModalityTransform): number {
  if (modality.kind === 'table') return 0;
  const span = 2 ** bitsStored;
  const ends = pixelRepresentation === 1 ? [-span / 2, span / 2 - 1] : [0, span - 1];
  return Math.min(...ends.map((stored) => modalityValue(stored, modality)));
}

function whole(dataset: DicomJson, at: Tag, name: string, least: number, most: number): number {
  const value = firstNumber(dataset, at);
  if (value === undefined) throw new InvalidPixelDescription(`${name} is absent`);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InvalidPixelDescription(`${name} is not a whole number from ${least} to ${most}`);
  return value;
}
