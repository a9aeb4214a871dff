import type { ImagePixels } from '../dicom/image-pixels.js';
import { samplesOf } from './codec-samples.js';
import { checkHeader, checkTileParts, readJpeg2000Header } from './codestream-header.js';
import { decodedFrame, withFullChroma, type DecodedFrame } from './decoded-frame.js';
import { decodeWith, WasmCodec, type WasmDecoder } from './wasm-codec.js';

const OPENJPEG = new WasmCodec<WasmDecoder>('@cornerstonejs/codec-openjpeg/decodewasmjs', 'J2KDecoder');
const OPENJPH = new WasmCodec<WasmDecoder>('@cornerstonejs/codec-openjph/wasmjs', 'HTJ2KDecoder');

/** JPEG 2000 (PS3.5 A.4.4, ITU-T T.800). @throws CorruptFrame */
export const decodeJpeg2000 = (frame: Uint8Array, pixels: ImagePixels) => decodeJpeg2000With(OPENJPEG, frame, pixels);

/** High-Throughput JPEG 2000 (PS3.5 A.4.4, ITU-T T.814). @throws CorruptFrame */
export const decodeHtj2k = (frame: Uint8Array, pixels: ImagePixels) => decodeJpeg2000With(OPENJPH, frame, pixels);

async function decodeJpeg2000With(codec: WasmCodec<WasmDecoder>, frame: Uint8Array, pixels: ImagePixels): Promise<DecodedFrame> {
  const header = readJpeg2000Header(frame);
  checkHeader(header, pixels);
  checkTileParts(header.codestream);
  const samples = await decodeWith(codec, header.codestream, (decoder) => samplesOf(decoder, pixels));
  return decodedFrame(pixels, samples, afterDecoding(pixels.photometricInterpretation));
}

/** The codec undoes the component transform that YBR_RCT and YBR_ICT name (PS3.5 8.2.4). */
function afterDecoding(photometricInterpretation: string): string {
  return /^YBR_(RCT|ICT)$/.test(photometricInterpretation) ? 'RGB' : withFullChroma(photometricInterpretation);
}
