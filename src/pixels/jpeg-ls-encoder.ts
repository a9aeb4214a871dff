import { bytesOf, codecValues } from './codec-values.js';
import type { DecodedFrame } from './decoded-frame.js';
import { checkWholeSamples, encodedFrame, type EncodedFrame } from './encoded-frame.js';
import { encodeWith, WasmCodec, type WasmEncoder } from './wasm-codec.js';

interface JpegLsEncoder extends WasmEncoder {
  setInterleaveMode(mode: number): void;
  setNearLossless(near: number): void;
}

const CHARLS = new WasmCodec<JpegLsEncoder>('@cornerstonejs/codec-charls/wasmjs', 'JpegLSEncoder');
const NOT_INTERLEAVED = 0;
const BY_SAMPLE = 2;
const LEAST_PRECISION = 2; // ITU-T T.87 C.2.2

/**
 * JPEG-LS lossless (PS3.5 A.4.3, ITU-T T.87). Colour by sample and never converted; signed values go as their Bits Stored
 * (PS3.5 8.2.3).
 * @throws UnsupportedPixels  samples that no codec for whole samples can take
 */
export async function encodeJpegLs(frame: DecodedFrame): Promise<EncodedFrame> {
  checkWholeSamples(frame);
  const info = {
    width: frame.columns,
    height: frame.rows,
    bitsPerSample: Math.max(LEAST_PRECISION, frame.bitsStored),
    componentCount: frame.samplesPerPixel,
    isSigned: false,
    isUsingColorTransform: false,
  };
  const bytes = await encodeWith(CHARLS, bytesOf(codecValues(frame, 'cut')), info, (encoder) => {
    encoder.setNearLossless(0);
    encoder.setInterleaveMode(frame.samplesPerPixel === 1 ? NOT_INTERLEAVED : BY_SAMPLE);
  });
  return encodedFrame(frame, bytes, { highBit: frame.bitsStored - 1 });
}
