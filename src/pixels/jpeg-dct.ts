import type { JpegHeader } from './codestream-header.js';
import { CorruptFrame } from './faults.js';
import { inverseDct } from './inverse-dct.js';
import { decodeBlocks, type BlockGrid } from './jpeg-coefficients.js';
import { readScans } from './jpeg-scans.js';

/**
 * JPEG DCT of one component, sequential or progressive, Huffman coded (ITU-T T.81 Annexes F and G): for 12 bits, which
 * libjpeg as it is packaged cannot do.
 * @param header  already compared with the description: memory is allocated by it
 * @returns samples in 16-bit cells, [rows × columns], clamped to 0 … 2^precision − 1
 * @throws CorruptFrame  cut off or malformed
 */
export function decodeDct(frame: Uint8Array, { rows, columns, precision, startOfFrame }: JpegHeader): Uint8Array {
  const across = Math.ceil(columns / 8);
  const down = Math.ceil(rows / 8);
  const grid: BlockGrid = { across, down, coefficients: new Int16Array(across * down * 64) };
  let steps: Uint16Array | undefined;
  let complete = false;
  readScans(frame, (scan, [component]) => {
    steps ??= scan.quantization[component.quantization]?.slice();
    decodeBlocks(scan, grid, startOfFrame === 0xc2);
    complete ||= scan.spectralStart === 0;
  });
  if (steps === undefined || !complete) throw new CorruptFrame('its JPEG scans or quantization are missing');

  const samples = new Uint16Array(rows * columns);
  const block = new Float64Array(64);
  const most = 2 ** precision - 1;
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      inverseDct(grid.coefficients, (y * across + x) * 64, steps, block);
      const right = Math.min(8, columns - x * 8);
      const bottom = Math.min(8, rows - y * 8);
      for (let row = 0; row < bottom; row++)
        for (let column = 0; column < right; column++) {
          const value = Math.round(block[row * 8 + column]) + (most + 1) / 2; // T.81 F.2.1.5: level shift
          samples[(y * 8 + row) * columns + x * 8 + column] = value < 0 ? 0 : value > most ? most : value;
        }
    }
  return new Uint8Array(samples.buffer);
}
