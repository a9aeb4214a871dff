import { codecValues } from './codec-values.js';
import type { DecodedFrame } from './decoded-frame.js';
import { checkWholeSamples, encodedFrame, type EncodedFrame } from './encoded-frame.js';
import { huffmanCode, type HuffmanCode } from './jpeg-huffman-code.js';

const CATEGORIES = 17; // ITU-T T.81 Table H.2: 0 to 16 bits of difference
const LEAST_PRECISION = 2; // T.81 Table B.2

/**
 * JPEG lossless, first-order prediction (process 14, selection value 1; PS3.5 A.4.1, ITU-T T.81 Annex H): one interleaved
 * scan, a Huffman table made for the frame. Signed values go as their Bits Stored (PS3.5 8.2.1).
 * @throws UnsupportedPixels  samples that no codec for whole samples can take
 */
export function encodeJpegLossless(frame: DecodedFrame): EncodedFrame {
  checkWholeSamples(frame);
  const precision = Math.max(LEAST_PRECISION, frame.bitsStored);
  const differences = differencesOf(codecValues(frame, 'cut'), frame, precision);
  const frequencies = new Uint32Array(CATEGORIES);
  for (let i = 0; i < differences.length; i++) frequencies[categoryOf(differences[i])]++;
  const code = huffmanCode(frequencies);
  const bytes = Buffer.concat([headers(frame, precision, code), entropyCoded(differences, code, frequencies), Uint8Array.of(0xff, 0xd9)]);
  return encodedFrame(frame, bytes, { highBit: frame.bitsStored - 1 });
}

/** Each sample less its prediction, modulo 65,536 (T.81 H.1.2.1): from the left; from above in the first column. */
function differencesOf(values: Uint8Array | Uint16Array, { columns, samplesPerPixel }: DecodedFrame, precision: number): Int16Array {
  const differences = new Int16Array(values.length);
  const line = columns * samplesPerPixel;
  const origin = 1 << (precision - 1);
  for (let start = 0; start < values.length; start += line)
    for (let i = start; i < start + line; i++) {
      const prediction = i - start >= samplesPerPixel ? values[i - samplesPerPixel] : start > 0 ? values[i - line] : origin;
      differences[i] = values[i] - prediction; // Int16Array keeps it modulo 65,536
    }
  return differences;
}

/** SSSS (T.81 Table H.2): −32,768 stands for 32,768, the one of 16 bits, which has no bits appended. */
const categoryOf = (difference: number): number => (difference === 0 ? 0 : 32 - Math.clz32(difference < 0 ? -difference : difference));

function headers({ rows, columns, samplesPerPixel }: DecodedFrame, precision: number, { counts, symbols }: HuffmanCode): Uint8Array {
  const components = Array.from({ length: samplesPerPixel }, (_, i) => i + 1);
  const word = (value: number) => [value >> 8, value & 0xff];
  return Uint8Array.from(
    [
      [0xff, 0xd8],
      [0xff, 0xc3, ...word(8 + 3 * samplesPerPixel), precision, ...word(rows), ...word(columns), samplesPerPixel],
      components.flatMap((id) => [id, 0x11, 0]),
      [0xff, 0xc4, ...word(19 + symbols.length), 0x00, ...counts, ...symbols],
      [0xff, 0xda, ...word(6 + 2 * samplesPerPixel), samplesPerPixel],
      components.flatMap((id) => [id, 0x00]),
      [1, 0, 0], // selection value 1; no point transform
    ].flat(),
  );
}

function entropyCoded(differences: Int16Array, { lengths, codes }: HuffmanCode, frequencies: Uint32Array): Uint8Array {
  const bits = frequencies.reduce((sum, count, category) => sum + count * (lengths[category] + (category & 15)), 0);
  const out = new Uint8Array(2 * Math.ceil(bits / 8) + 2); // every byte may be FF and take a stuffed zero along
  let [end, held, heldBits] = [0, 0, 0];
  for (let i = 0; i < differences.length; i++) {
    const difference = differences[i];
    const category = categoryOf(difference);
    const extra = category & 15; // 16 has none
    const value = ((difference < 0 ? difference - 1 : difference) & ((1 << extra) - 1)) >>> 0;
    // At most 7 bits held, 16 of code and 15 of value: more than 32 together, so in two steps.
    held = (held << lengths[category]) | codes[category];
    heldBits += lengths[category];
    for (; heldBits >= 8; heldBits -= 8) end = put(out, end, (held >>> (heldBits - 8)) & 0xff);
    held = ((held & 0xff) << extra) | value;
    heldBits += extra;
    for (; heldBits >= 8; heldBits -= 8) end = put(out, end, (held >>> (heldBits - 8)) & 0xff);
    held &= 0xff;
  }
  if (heldBits > 0) end = put(out, end, ((held << (8 - heldBits)) | (0xff >> heldBits)) & 0xff); // ones fill up (T.81 F.1.2.3)
  return out.subarray(0, end);
}

function put(out: Uint8Array, end: number, byte: number): number {
  out[end] = byte;
  return byte === 0xff ? end + 2 : end + 1; // the array is zero: skipping a byte stuffs it
}
