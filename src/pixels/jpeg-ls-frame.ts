import type { ImagePixels } from '../dicom/image-pixels.js';
import { samplesOf } from './codec-samples.js';
import { checkEndOfImage, checkHeader, readJpegHeader } from './codestream-header.js';
import { decodedFrame, withFullChroma, type DecodedFrame } from './decoded-frame.js';
import { CorruptFrame } from './faults.js';
import { byPixel } from './native-frame.js';
import { decodeWith, WasmCodec, type WasmDecoder } from './wasm-codec.js';

interface JpegLsDecoder extends WasmDecoder {
  /** 0 one component after the other, 1 by line, 2 by sample; for 1 and 2 CharLS puts out colour by pixel */
  getInterleaveMode(): number;
}

const CHARLS = new WasmCodec<JpegLsDecoder>('@cornerstonejs/codec-charls/decodewasmjs', 'JpegLSDecoder');
const START_OF_FRAME_JPEG_LS = 0xf7;

/** JPEG-LS, lossless and near-lossless (PS3.5 A.4.3, ITU-T T.87). Never converts colour. @throws CorruptFrame */
export async function decodeJpegLs(frame: Uint8Array, pixels: ImagePixels): Promise<DecodedFrame> {
  const header = readJpegHeader(frame);
  if (header.startOfFrame !== START_OF_FRAME_JPEG_LS) throw new CorruptFrame('it is not JPEG-LS');
  checkHeader(header, pixels);
  checkEndOfImage(frame);
  const samples = await decodeWith(CHARLS, frame, (decoder) => {
    const decoded = samplesOf(decoder, pixels);
    return decoder.getInterleaveMode() === 0 && pixels.samplesPerPixel > 1 ? byPixel(decoded, pixels) : decoded;
  });
  return decodedFrame(pixels, samples, withFullChroma(pixels.photometricInterpretation));
}
