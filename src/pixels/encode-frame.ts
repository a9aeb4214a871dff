import { deflateRawSync } from 'node:zlib';
import { RLE_LOSSLESS } from '../dicom/transfer-syntaxes.js';
import type { DecodedFrame } from './decoded-frame.js';
import { encodedFrame, type EncodedFrame } from './encoded-frame.js';
import { UnsupportedPixels, UnsupportedTransferSyntax } from './faults.js';
import { encodeHtj2k, encodeJpeg2000 } from './jpeg-2000-encoder.js';
import { encodeJpegBaseline } from './jpeg-baseline-encoder.js';
import { encodeJpegLossless } from './jpeg-lossless-encoder.js';
import { encodeJpegLs } from './jpeg-ls-encoder.js';
import { encodeRle } from './rle-encoder.js';

type Encoder = (frame: DecodedFrame) => EncodedFrame | Promise<EncodedFrame>;

/** Deflated Image Frame Compression (PS3.5 A.4.11): the frame's native bytes as one raw deflate stream. */
const encodeDeflated: Encoder = (frame) => {
  if (frame.sampleForm !== 'integer') throw new UnsupportedPixels('Float Pixel Data cannot be encapsulated');
  return encodedFrame(frame, deflateRawSync(frame.bytes));
};

/** By Transfer Syntax UID (PS3.6 A); all lossless but JPEG Baseline. */
const ENCODERS: ReadonlyMap<string, Encoder> = new Map<string, Encoder>([
  ['1.2.840.10008.1.2.4.50', encodeJpegBaseline],
  ['1.2.840.10008.1.2.4.57', encodeJpegLossless],
  ['1.2.840.10008.1.2.4.70', encodeJpegLossless],
  ['1.2.840.10008.1.2.4.80', encodeJpegLs],
  ['1.2.840.10008.1.2.4.90', encodeJpeg2000],
  ['1.2.840.10008.1.2.4.91', encodeJpeg2000],
  ['1.2.840.10008.1.2.4.201', encodeHtj2k],
  ['1.2.840.10008.1.2.4.202', encodeHtj2k],
  ['1.2.840.10008.1.2.4.203', encodeHtj2k],
  [RLE_LOSSLESS, encodeRle],
  ['1.2.840.10008.1.2.8.1', encodeDeflated],
]);

/** Whether frames can be written in a transfer syntax at all; what they hold may still stand against it. */
export const canEncode = (transferSyntaxUID: string): boolean => ENCODERS.has(transferSyntaxUID);

/**
 * One frame of native samples as a codestream.
 * @throws UnsupportedTransferSyntax  no encoder for it
 * @throws UnsupportedPixels  the encoder cannot take such pixels
 */
export async function encodeFrame(frame: DecodedFrame, transferSyntaxUID: string): Promise<EncodedFrame> {
  const encode = ENCODERS.get(transferSyntaxUID);
  if (encode === undefined) throw new UnsupportedTransferSyntax();
  return encode(frame);
}
