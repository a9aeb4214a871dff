import { bulkDataUri, DOUBLE_FLOAT_PIXEL_DATA, FLOAT_PIXEL_DATA, PIXEL_DATA } from './bulk-data.js';
import { firstNumber, items, tag, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';
import { inUtf8 } from './part10-writer.js';

const LOSSY_IMAGE_COMPRESSION = tag(0x0028, 0x2110);
const PHOTOMETRIC_INTERPRETATION = tag(0x0028, 0x0004);
const PLANAR_CONFIGURATION = tag(0x0028, 0x0006);
const SAMPLES_PER_PIXEL = tag(0x0028, 0x0002);
const BITS_ALLOCATED = tag(0x0028, 0x0100);
const HIGH_BIT = tag(0x0028, 0x0102);
/** Of the stored file only: Extended Offset Table and Lengths (PS3.3 C.7.6.3), Data Set Trailing Padding (PS3.10 7.2). */
const OF_THE_STORED_FILE: ReadonlySet<string> = new Set(['7FE00001', '7FE00002', 'FFFCFFFC']);
/** DCT processes, whatever their header says: their images have lost something (PS3.3 C.7.6.1.1.5). */
const ALWAYS_LOSSY = /^1\.2\.840\.10008\.1\.2\.4\.5[0-6]$/;

/** What the samples of a transcoded frame are. */
export interface TranscodedPixels {
  readonly photometricInterpretation: string;
  readonly highBit: number;
}

/** The element that holds the image, if any. */
export const pixelElement = (dataset: DicomJson): Tag | undefined =>
  [PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA].find((at) => dataset[at] !== undefined);

/**
 * The data set as it stands in another transfer syntax: nothing of the stored file's own layout, and the Image Pixel
 * module (PS3.3 C.7.6.3) says what its samples are now.
 * @param stored  current attributes
 * @param pixels  undefined where the pixel data are taken over as they are
 */
export function transcodedDataSet(stored: DicomJson, storedTransferSyntaxUID: string, pixels: TranscodedPixels | undefined): DicomJson {
  const dataset = Object.fromEntries(Object.entries(inUtf8(stored)).filter(([at]) => !OF_THE_STORED_FILE.has(at)));
  const element = pixelElement(dataset);
  if (element === undefined || pixels === undefined) return dataset;
  const isColour = (firstNumber(dataset, SAMPLES_PER_PIXEL) ?? 1) > 1;
  const bitsAllocated = firstNumber(dataset, BITS_ALLOCATED) ?? 0;
  const vr = element === PIXEL_DATA ? (bitsAllocated > 8 ? 'OW' : 'OB') : dataset[element].vr; // PS3.5 8.1.1, 8.2
  return {
    ...dataset,
    [element]: { vr, BulkDataURI: bulkDataUri(element) },
    [PHOTOMETRIC_INTERPRETATION]: { vr: 'CS', Value: [pixels.photometricInterpretation] },
    ...(isColour && { [PLANAR_CONFIGURATION]: { vr: 'US', Value: [0] } }),
    ...(dataset[HIGH_BIT] !== undefined && { [HIGH_BIT]: { vr: 'US', Value: [pixels.highBit] } }),
    ...(ALWAYS_LOSSY.test(storedTransferSyntaxUID) && { [LOSSY_IMAGE_COMPRESSION]: { vr: 'CS', Value: ['01'] } }),
  };
}

/**
 * The data set without the sequences that directly hold Pixel Data of these BulkDataURIs. For icons in fragments, which a
 * file of another transfer syntax cannot hold: an icon may be left out (PS3.3 C.7.6.1.1.6), half an icon may not.
 */
export function withoutIcons(dataset: DicomJson, bulkDataURIs: ReadonlySet<string>): DicomJson {
  if (bulkDataURIs.size === 0) return dataset;
  const isIcon = (item: DicomJson) => bulkDataURIs.has(item[PIXEL_DATA]?.BulkDataURI ?? '');
  return Object.fromEntries(
    Object.entries(dataset)
      .filter(([at, { vr }]) => vr !== 'SQ' || !items(dataset, at as Tag).some(isIcon))
      .map(([at, element]): [string, DicomElement] =>
        element.vr === 'SQ' && element.Value !== undefined
          ? [at, { ...element, Value: items(dataset, at as Tag).map((item) => withoutIcons(item, bulkDataURIs)) }]
          : [at, element],
      ),
  );
}

/** Overlay bits that lie in the cells of Pixel Data (retired; PS3.5 8.1.2 of 2004): codecs of values would drop them. */
export const hasOverlayInPixels = (dataset: DicomJson): boolean =>
  Object.keys(dataset).some((at) => /^60[0-9A-F]{2}0100$/.test(at) && (firstNumber(dataset, at as Tag) ?? 1) > 1);
