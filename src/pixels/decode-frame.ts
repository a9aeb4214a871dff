import type { ImagePixels } from '../dicom/image-pixels.js';
import type { DecodedFrame } from './decoded-frame.js';
import { decodeDeflated } from './deflated-frame.js';
import { UnsupportedTransferSyntax } from './faults.js';
import { decodeHtj2k, decodeJpeg2000 } from './jpeg-2000-frame.js';
import { decodeJpeg } from './jpeg-frame.js';
import { decodeJpegXl } from './jpeg-xl-frame.js';
import { decodeJpegLs } from './jpeg-ls-frame.js';
import { decodeNative } from './native-frame.js';
import { decodeRle } from './rle-frame.js';

type Decoder = (frame: Uint8Array, pixels: ImagePixels, bitOffset?: number) => DecodedFrame | Promise<DecodedFrame>;

/** By Transfer Syntax UID (PS3.6 A, PS3.5 Annex A). */
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['1.2.840.10008.1.2', decodeNative],
  ['1.2.840.10008.1.2.1', decodeNative],
  ['1.2.840.10008.1.2.1.98', decodeNative], // encapsulated uncompressed
  ['1.2.840.10008.1.2.1.99', decodeNative], // deflated as a data set: whoever reads it has inflated it
  ['1.2.840.10008.1.2.2', decodeNative],
  ['1.2.840.10008.1.2.4.50', decodeJpeg], // baseline
  ['1.2.840.10008.1.2.4.51', decodeJpeg], // extended, 8 and 12 bits
  ['1.2.840.10008.1.2.4.53', decodeJpeg], // spectral selection, retired
  ['1.2.840.10008.1.2.4.55', decodeJpeg], // full progression, retired
  ['1.2.840.10008.1.2.4.57', decodeJpeg], // lossless
  ['1.2.840.10008.1.2.4.70', decodeJpeg], // lossless, first-order prediction
  ['1.2.840.10008.1.2.4.80', decodeJpegLs],
  ['1.2.840.10008.1.2.4.81', decodeJpegLs], // near-lossless
  ['1.2.840.10008.1.2.4.90', decodeJpeg2000], // lossless only
  ['1.2.840.10008.1.2.4.91', decodeJpeg2000],
  ['1.2.840.10008.1.2.4.110', decodeJpegXl], // lossless only
  ['1.2.840.10008.1.2.4.111', decodeJpegXl], // JPEG recompression
  ['1.2.840.10008.1.2.4.112', decodeJpegXl],
  ['1.2.840.10008.1.2.4.201', decodeHtj2k], // lossless only
  ['1.2.840.10008.1.2.4.202', decodeHtj2k], // lossless only, RPCL
  ['1.2.840.10008.1.2.4.203', decodeHtj2k],
  ['1.2.840.10008.1.2.5', decodeRle],
  ['1.2.840.10008.1.2.8.1', decodeDeflated],
]);

/**
 * One frame to native samples.
 * @param frame  the bytes of exactly this frame, its fragments joined; native ones as frameReading tells
 * @param bitOffset  where in the first byte, or the first big-endian word, a native frame starts: 0 to 15
 * @throws UnsupportedTransferSyntax, UnsupportedPixels, CorruptFrame
 */
export async function decodeFrame(frame: Uint8Array, pixels: ImagePixels, bitOffset = 0): Promise<DecodedFrame> {
  const decode = DECODERS.get(pixels.transferSyntaxUID);
  if (decode === undefined) throw new UnsupportedTransferSyntax();
  return decode(frame, pixels, bitOffset);
}
