import type { JpegHeader } from './codestream-header.js';
import { CorruptFrame, UnsupportedPixels } from './faults.js';
import type { HuffmanTable } from './jpeg-entropy.js';
import { readScans, type JpegComponent, type JpegScan } from './jpeg-scans.js';

/** Predictors 1 to 7 from the samples to the left (a), above (b) and above left (c) (ITU-T T.81 Table H.1). */
const PREDICTORS: readonly ((a: number, b: number, c: number) => number)[] = [
  (a) => a,
  (_, b) => b,
  (_, __, c) => c,
  (a, b, c) => a + b - c,
  (a, b, c) => a + ((b - c) >> 1),
  (a, b, c) => b + ((a - c) >> 1),
  (a, b) => (a + b) >> 1,
];

/**
 * JPEG lossless, Huffman coded (ITU-T T.81 Annex H): processes 14, all predictors, 2 to 16 bits, any point transform.
 * @param header  already compared with the description: memory is allocated by it
 * @returns colour by pixel; cells of 8 bits up to a precision of 8, else of 16
 * @throws CorruptFrame  cut off or malformed; UnsupportedPixels  subsampled components
 */
export function decodeLossless(frame: Uint8Array, header: JpegHeader): { bytes: Uint8Array; bits: 8 | 16 } {
  const { rows, columns, samplesPerPixel, precision } = header;
  if (precision < 2 || precision > 16) throw new CorruptFrame('its JPEG precision is out of range');
  const samples = new Uint16Array(rows * columns * samplesPerPixel);
  const seen = new Set<number>();
  readScans(frame, (scan, components) => {
    if (components.some(isSubsampled)) throw new UnsupportedPixels('lossless JPEG with subsampled components');
    decodeScan(scan, header, samples);
    for (const { index } of scan.components) seen.add(index);
  });
  if (seen.size !== samplesPerPixel) throw new CorruptFrame('a JPEG scan is missing');
  return precision > 8 ? { bytes: new Uint8Array(samples.buffer), bits: 16 } : { bytes: Uint8Array.from(samples), bits: 8 };
}

/** Equal factors in all components are no subsampling, but an MCU then spans several samples: only 1 × 1 is read. */
const isSubsampled = ({ horizontalSampling, verticalSampling }: JpegComponent) => horizontalSampling !== 1 || verticalSampling !== 1;

function decodeScan(scan: JpegScan, { rows, columns, samplesPerPixel, precision }: JpegHeader, samples: Uint16Array): void {
  const { entropy, restartInterval, approximationLow: pointTransform } = scan;
  const predict = PREDICTORS[scan.spectralStart - 1];
  if (predict === undefined || pointTransform >= precision) throw new CorruptFrame('a lossless JPEG scan header is malformed');
  if (restartInterval % columns !== 0) throw new CorruptFrame('a JPEG restart is not at the start of a line'); // T.81 H.1.2
  const step = samplesPerPixel;
  const line = columns * step;
  const rowsBetweenRestarts = restartInterval === 0 ? rows : restartInterval / columns;
  const origin = 1 << (precision - pointTransform - 1);
  const components = scan.components.map(({ index, dc }) => ({ index, table: required(dc) }));

  for (let row = 0; row < rows; row++) {
    const first = row % rowsBetweenRestarts === 0; // T.81 H.1.2.1: such a line is predicted from the left alone
    if (first && row > 0) entropy.restart();
    for (let column = 0; column < columns; column++)
      for (const { index, table } of components) {
        const at = row * line + column * step + index;
        const prediction =
          column === 0
            ? first
              ? origin
              : samples[at - line]
            : first
              ? samples[at - step]
              : predict(samples[at - step], samples[at - line], samples[at - line - step]);
        const category = entropy.decode(table);
        const difference = category === 16 ? 32768 : entropy.signed(category); // T.81 H.1.2.2
        samples[at] = prediction + difference; // modulo 65,536, as T.81 H.1.2.1 asks
      }
  }
  if (pointTransform > 0) shiftUp(samples, components, step, pointTransform);
}

function shiftUp(samples: Uint16Array, components: readonly { index: number }[], step: number, bits: number): void {
  for (const { index } of components) for (let at = index; at < samples.length; at += step) samples[at] <<= bits;
}

function required(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new CorruptFrame('a Huffman table is missing');
  return table;
}
