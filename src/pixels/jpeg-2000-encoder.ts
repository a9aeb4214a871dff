import { bytesOf, codecValues } from './codec-values.js';
import type { DecodedFrame } from './decoded-frame.js';
import { checkWholeSamples, encodedFrame, type EncodedFrame } from './encoded-frame.js';
import { UnsupportedPixels } from './faults.js';
import { encodeWith, WasmCodec, type WasmEncoder, type WasmFrameInfo } from './wasm-codec.js';

interface J2kEncoder extends WasmEncoder {
  setDecompositions(levels: number): void;
  setQuality(lossless: boolean, layers: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
}

interface Htj2kEncoder extends WasmEncoder {
  setDecompositions(levels: number): void;
  setQuality(lossless: boolean, quantizationStep: number): void;
  setTLMMarker(on: boolean): void;
}

const OPENJPEG = new WasmCodec<J2kEncoder>('@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder');
const OPENJPH = new WasmCodec<Htj2kEncoder>('@cornerstonejs/codec-openjph/wasmjs', 'HTJ2KEncoder');
const MOST_DECOMPOSITIONS = 5;

/**
 * JPEG 2000, reversible (PS3.5 A.4.4, ITU-T T.800). RGB goes through the reversible component transform and is YBR_RCT
 * then (PS3.5 8.2.4).
 * @throws UnsupportedPixels  what the encoder cannot take
 */
export async function encodeJpeg2000(frame: DecodedFrame): Promise<EncodedFrame> {
  const { samples, info } = inputOf(frame);
  const bytes = await encodeWith(OPENJPEG, samples, info, (encoder) => {
    encoder.setDecompositions(decompositions(frame));
    encoder.setQuality(true, 1);
    encoder.setCompressionRatio(0, 1);
  });
  return encodedFrame(frame, bytes, afterEncoding(frame));
}

/**
 * High-Throughput JPEG 2000, reversible (PS3.5 A.4.4, ITU-T T.814), in RPCL order with tile-part lengths, as the RPCL
 * transfer syntax asks and the others allow.
 * @throws UnsupportedPixels  what the encoder cannot take
 */
export async function encodeHtj2k(frame: DecodedFrame): Promise<EncodedFrame> {
  const { samples, info } = inputOf(frame);
  const bytes = await encodeWith(OPENJPH, samples, info, (encoder) => {
    encoder.setDecompositions(decompositions(frame));
    encoder.setQuality(true, 0);
    encoder.setTLMMarker(true);
  });
  return encodedFrame(frame, bytes, afterEncoding(frame));
}

/** A level halves both sides: none that leaves less than one sample. */
const decompositions = ({ rows, columns }: DecodedFrame): number => Math.min(MOST_DECOMPOSITIONS, 31 - Math.clz32(Math.min(rows, columns)));

/** Both encoders read 8-bit samples as unsigned, take colour of 8 bits only, and convert it: it has to be RGB. */
function inputOf(frame: DecodedFrame): { samples: Uint8Array; info: WasmFrameInfo } {
  checkWholeSamples(frame);
  const isSigned = frame.pixelRepresentation === 1;
  const isColour = frame.samplesPerPixel > 1;
  if (isSigned && frame.bitsStored <= 8) throw new UnsupportedPixels('signed samples of 8 bits or fewer in JPEG 2000');
  if (isColour && (frame.bitsStored > 8 || frame.samplesPerPixel !== 3)) throw new UnsupportedPixels('such colour in JPEG 2000');
  if (isColour && frame.photometricInterpretation !== 'RGB') throw new UnsupportedPixels('colour other than RGB in JPEG 2000');
  const info = {
    width: frame.columns,
    height: frame.rows,
    bitsPerSample: frame.bitsStored,
    componentCount: frame.samplesPerPixel,
    isSigned,
    isUsingColorTransform: isColour,
  };
  return { samples: bytesOf(codecValues(frame, 'extended')), info };
}

const afterEncoding = (frame: DecodedFrame) => ({
  photometricInterpretation: frame.samplesPerPixel > 1 ? 'YBR_RCT' : frame.photometricInterpretation,
  highBit: frame.bitsStored - 1,
});
