import type { ImagePixels } from '../dicom/image-pixels.js';
import { inCells, samplesOf } from './codec-samples.js';
import { checkEndOfImage, checkHeader, markerSegments, readJpegHeader, type MarkerSegment } from './codestream-header.js';
import { decodedFrame, withFullChroma, type DecodedFrame } from './decoded-frame.js';
import { UnsupportedPixels } from './faults.js';
import { decodeDct } from './jpeg-dct.js';
import { decodeLossless } from './jpeg-lossless.js';
import { decodeWith, WasmCodec, type WasmDecoder } from './wasm-codec.js';

const LIBJPEG = new WasmCodec<WasmDecoder>('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs', 'JPEGDecoder');

/**
 * JPEG (PS3.5 A.4.1, A.4.2, ITU-T T.81): by what the codestream is, since its process is often not the one that the
 * transfer syntax names. 8-bit DCT by libjpeg-turbo; 12-bit DCT and lossless by our own code.
 * YBR_FULL and YBR_FULL_422 come out as RGB.
 * @throws CorruptFrame; UnsupportedPixels  arithmetic coding or a hierarchical process
 */
export async function decodeJpeg(frame: Uint8Array, pixels: ImagePixels): Promise<DecodedFrame> {
  const header = readJpegHeader(frame);
  checkHeader(header, pixels);
  checkEndOfImage(frame);
  if (header.startOfFrame === 0xc3) {
    const { bytes, bits } = decodeLossless(frame, header);
    const samples = inCells(bytes, bits, false, pixels.bitsAllocated);
    return decodedFrame(pixels, samples, withFullChroma(pixels.photometricInterpretation));
  }
  if (header.startOfFrame > 0xc2) throw new UnsupportedPixels('arithmetic or hierarchical JPEG');
  if (header.precision === 8) {
    const isYbr = pixels.photometricInterpretation.startsWith('YBR_');
    const encoded = header.samplesPerPixel === 3 ? withColourTransform(frame, isYbr ? 1 : 0) : frame;
    const samples = await decodeWith(LIBJPEG, encoded, (decoder) => samplesOf(decoder, pixels));
    return decodedFrame(pixels, samples, isYbr ? 'RGB' : pixels.photometricInterpretation);
  }
  if (header.precision !== 12 || header.samplesPerPixel !== 1) throw new UnsupportedPixels('JPEG of this depth and colour');
  return decodedFrame(pixels, decodeDct(frame, header));
}

const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65];

/**
 * The codestream with exactly one statement of its colour: the Photometric Interpretation decides (PS3.5 8.2.1), but
 * libjpeg goes by JFIF and Adobe markers, else guesses.
 * @param transform  of the Adobe marker: 0 RGB, 1 YCbCr
 */
function withColourTransform(frame: Uint8Array, transform: 0 | 1): Uint8Array {
  const kept: Uint8Array[] = [frame.subarray(0, 2), adobeMarker(transform)];
  let scan = frame.length;
  for (const segment of markerSegments(frame, 2)) {
    if (segment.marker === 0xda) {
      scan = segment.start - 4;
      break;
    }
    if (!statesColour(segment)) kept.push(frame.subarray(segment.start - 4, segment.end));
  }
  return Buffer.concat([...kept, frame.subarray(scan)]);
}

const statesColour = ({ marker }: MarkerSegment): boolean => marker === 0xe0 || marker === 0xee;

function adobeMarker(transform: 0 | 1): Uint8Array {
  return Uint8Array.from([0xff, 0xee, 0, 14, ...ADOBE, 0, 100, 0, 0, 0, 0, transform]);
}
