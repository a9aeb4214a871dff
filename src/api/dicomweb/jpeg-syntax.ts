import { readJpegHeader } from '../../pixels/codestream-header.js';

/** Bytes within which a JPEG says of what process it is; long profiles may stand before. */
export const LONGEST_JPEG_HEADER = 256 * 1024;

/** Transfer syntax of each start of frame that DICOM has (ITU-T T.81 Table B.1; PS3.5 8.2.1). */
const OF_START_OF_FRAME: Readonly<Record<number, string>> = {
  0xc0: '1.2.840.10008.1.2.4.50', // baseline
  0xc1: '1.2.840.10008.1.2.4.51', // extended sequential
  0xc3: '1.2.840.10008.1.2.4.70', // lossless
};

/** The transfer syntax that a JPEG's own bytes say; undefined where they say none that DICOM has. */
export function jpegSyntaxUID(beginning: Uint8Array): string | undefined {
  try {
    return OF_START_OF_FRAME[readJpegHeader(beginning).startOfFrame];
  } catch {
    return undefined; // no JPEG after all: decoding it will say so
  }
}
