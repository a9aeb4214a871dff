import { codecValues } from './codec-values.js';
import type { DecodedFrame } from './decoded-frame.js';
import { checkWholeSamples, encodedFrame, type EncodedFrame } from './encoded-frame.js';
import { UnsupportedPixels } from './faults.js';
import { encodeWith, WasmCodec, type WasmEncoder } from './wasm-codec.js';

export interface JpegEncoder extends WasmEncoder {
  setProgressive(on: number): void;
  setQuality(quality: number): void;
  /** of libjpeg-turbo: 0 is 4:4:4 */
  setSubSampling(kind: number): void;
}

/** 8-bit sequential DCT, grey or RGB in, YCbCr 4:4:4 inside. */
export const LIBJPEG = new WasmCodec<JpegEncoder>('@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs', 'JPEGEncoder');
const QUALITY = 95;

/**
 * JPEG Baseline (process 1; PS3.5 A.4.1): lossy, and for values that have 8 bits by themselves only. Deeper ones would have
 * to lose bits, which is another image, not another transfer syntax.
 * @throws UnsupportedPixels  deeper, signed or palette values
 */
export async function encodeJpegBaseline(frame: DecodedFrame): Promise<EncodedFrame> {
  checkWholeSamples(frame);
  const { photometricInterpretation: colour } = frame;
  if (frame.bitsAllocated !== 8 || frame.bitsStored !== 8 || frame.pixelRepresentation === 1)
    throw new UnsupportedPixels('JPEG Baseline holds unsigned samples of 8 bits only');
  if (colour !== 'RGB' && !colour.startsWith('MONOCHROME')) throw new UnsupportedPixels('only grey and RGB are written as JPEG Baseline');
  const samples = codecValues(frame, 'cut');
  const info = {
    width: frame.columns,
    height: frame.rows,
    bitsPerSample: 8,
    componentCount: frame.samplesPerPixel,
    isSigned: false,
    isUsingColorTransform: false,
  };
  const bytes = await encodeWith(LIBJPEG, samples as Uint8Array, info, (encoder) => {
    encoder.setProgressive(0);
    encoder.setQuality(QUALITY);
    encoder.setSubSampling(0);
  });
  return encodedFrame(frame, bytes, { photometricInterpretation: colour === 'RGB' ? 'YBR_FULL' : colour, lossy: true });
}
