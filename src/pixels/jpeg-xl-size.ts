import { CorruptFrame } from './faults.js';

/** Columns by rows for each ratio of a size header (ISO/IEC 18181-1 D.1.2); 0 says them itself. */
const RATIOS: readonly (readonly [columns: number, rows: number])[] = [
  [0, 0],
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];
const SIZE_BITS = [9, 13, 18, 30];
const FIRST_BYTES = 64;

/**
 * Rows and columns of a JPEG XL codestream, also in its container (ISO/IEC 18181-1 D.1.2, 18181-2): read before any memory
 * is taken by them.
 * @throws CorruptFrame
 */
export function jpegXlSize(bytes: Uint8Array): { rows: number; columns: number } {
  const start = codestreamStart(bytes);
  const head = bytes.subarray(start, start + FIRST_BYTES);
  if (head[0] !== 0xff || head[1] !== 0x0a || head.length < 14) throw new CorruptFrame('it does not start as JPEG XL does');
  let at = 16;
  const read = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) value += ((head[at >> 3] >> (at & 7)) & 1) * 2 ** i;
    return value;
  };
  const small = read(1) === 1;
  const side = () => (small ? (read(5) + 1) * 8 : read(SIZE_BITS[read(2)]) + 1);
  const rows = side();
  const ratio = read(3);
  const [across, down] = RATIOS[ratio];
  return { rows, columns: ratio === 0 ? side() : Math.floor((rows * across) / down) };
}

/** Where the codestream starts: at once, or in the first `jxlc` or `jxlp` box. */
function codestreamStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0xff) return 0;
  for (let at = 0; at + 16 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const header = length === 1 ? 16 : 8; // 1: the length follows as 64 bits
    if (type === 0x6a786c63) return at + header; // jxlc
    if (type === 0x6a786c70) return at + header + 4; // jxlp: its number first
    const whole = length === 1 ? Number(view.getBigUint64(at + 8)) : length;
    if (whole < header) break;
    at += whole;
  }
  throw new CorruptFrame('it holds no JPEG XL codestream');
}
