import { storedValues } from '../dicom/stored-values.js';
import { decodeFrame } from './decode-frame.js';
import { sampleCount, type DecodedFrame } from './decoded-frame.js';
import { encodeFrame } from './encode-frame.js';
import type { EncodedFrame } from './encoded-frame.js';
import { UnsupportedPixels } from './faults.js';
import type { TranscodeJob } from './pixel-job.js';

/**
 * One frame in another transfer syntax. What is called lossless is decoded again and compared, value by value: a codec
 * that fails on an odd frame (OpenJPH does on one row or column) must not make another image of it.
 * @throws as decodeFrame and encodeFrame do; UnsupportedPixels  also where the codec did not keep the values
 */
export async function transcodeFrame({ frame, pixels, bitOffset, targetTransferSyntaxUID }: TranscodeJob): Promise<EncodedFrame> {
  const decoded = await decodeFrame(frame, pixels, bitOffset);
  const encoded = await encodeFrame(decoded, targetTransferSyntaxUID);
  if (encoded.lossy) return encoded;
  const { bytes: _, ...layout } = decoded;
  const { photometricInterpretation, highBit } = encoded;
  const again = await decodeFrame(encoded.bytes, {
    ...pixels,
    ...layout,
    highBit,
    photometricInterpretation,
    planarConfiguration: 0,
    transferSyntaxUID: targetTransferSyntaxUID,
  });
  if (again.photometricInterpretation !== decoded.photometricInterpretation || !sameValues(decoded, again))
    throw new UnsupportedPixels('the encoder does not keep their values');
  return encoded;
}

function sameValues(one: DecodedFrame, other: DecodedFrame): boolean {
  const [left, right] = [one, other].map((frame) => storedValues(frame.bytes, frame, sampleCount(frame)));
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
