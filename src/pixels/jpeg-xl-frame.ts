import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ImagePixels } from '../dicom/image-pixels.js';
import { decodedFrame, type DecodedFrame } from './decoded-frame.js';
import { CorruptFrame, UnsupportedPixels } from './faults.js';
import { jpegXlSize } from './jpeg-xl-size.js';

interface JpegXlModule {
  decode(codestream: Uint8Array): { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number } | null;
}
type JpegXlFactory = (settings: { wasmBinary: Uint8Array; noInitialRun: true }) => Promise<JpegXlModule>;

const require = createRequire(import.meta.url);
const CODEC = '@jsquash/jxl/codec/dec/jxl_dec';
let loaded: Promise<JpegXlModule> | undefined;

/** What the codec hands its pixels over in, as a browser has it. */
class PlainImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

/**
 * JPEG XL (PS3.5 A.4.12 to A.4.14), 8 bits unsigned, grey or colour: libjxl as it is built for browsers gives sRGB of 8 bits
 * and no more. Colour comes out as RGB.
 * @throws UnsupportedPixels  deeper, signed or other pixels; CorruptFrame
 */
export async function decodeJpegXl(frame: Uint8Array, pixels: ImagePixels): Promise<DecodedFrame> {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, pixelRepresentation } = pixels;
  if (bitsAllocated !== 8 || bitsStored !== 8 || pixelRepresentation === 1)
    throw new UnsupportedPixels('JPEG XL of more than 8 bits, or signed');
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) throw new UnsupportedPixels('JPEG XL of neither one nor three samples');
  const size = jpegXlSize(frame);
  if (size.rows !== rows || size.columns !== columns) throw new CorruptFrame('its codestream has other rows and columns than the instance');
  const rgba = await decoded(frame);
  if (rgba.length !== rows * columns * 4) throw new CorruptFrame('its codec gives another size than the header');
  const bytes = new Uint8Array(rows * columns * samplesPerPixel);
  for (let pixel = 0, to = 0; pixel < rgba.length; pixel += 4)
    for (let sample = 0; sample < samplesPerPixel; sample++) bytes[to++] = rgba[pixel + sample];
  return decodedFrame(pixels, bytes, samplesPerPixel === 3 ? 'RGB' : pixels.photometricInterpretation);
}

async function decoded(frame: Uint8Array): Promise<Uint8ClampedArray> {
  loaded ??= load();
  const codec = await loaded;
  try {
    const image = codec.decode(frame);
    if (image !== null) return image.data;
  } catch {
    // the codec's own words say nothing to a caller
  }
  loaded = undefined; // its heap is in an unknown state
  throw new CorruptFrame('its codec refuses it');
}

async function load(): Promise<JpegXlModule> {
  Object.assign(globalThis, { ImageData: PlainImageData }); // of this worker thread alone
  // Emscripten's factory for browsers: it is given its bytes, so that it does not fetch them.
  const { default: factory } = (await import(CODEC + '.js')) as { default: JpegXlFactory };
  return factory({ noInitialRun: true, wasmBinary: readFileSync(require.resolve(`${CODEC}.wasm`)) });
}
