import { tag, type DicomJson } from './dicom-json.js';
import { lutWords, readDescriptor, readLookupTable, type BulkBytes, type LookupTable } from './lookup-table.js';
import { InvalidPixelDescription } from './pixel-faults.js';

/** The three tables of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6). */
export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
}

const DESCRIPTOR = 0x1101;
const DATA = 0x1201;
const SEGMENTED_DATA = 0x1221;

/**
 * Reads the Palette Color Lookup Tables, plain or segmented.
 * @param signedInput  whether stored pixel values are signed
 * @throws InvalidPixelDescription  a table is absent, too short, or its segments are malformed
 */
export function readPalette(dataset: DicomJson, signedInput: boolean, bulk: BulkBytes): Palette {
  const table = (channel: 0 | 1 | 2): LookupTable => {
    const descriptor = tag(0x0028, DESCRIPTOR + channel);
    const segmented = tag(0x0028, SEGMENTED_DATA + channel);
    if (dataset[segmented] === undefined) return readLookupTable(dataset, descriptor, tag(0x0028, DATA + channel), signedInput, bulk);
    const { entries, firstMapped, bits } = readDescriptor(dataset, descriptor, signedInput);
    const words = lutWords(dataset[segmented], bulk);
    if (words === undefined) throw new InvalidPixelDescription('the data of a segmented palette is absent');
    return { firstMapped, bits, entries: expandSegments(bits === 8 ? bytesOf(words) : words, entries) };
  };
  return { red: table(0), green: table(1), blue: table(2) };
}

/** Where the palette's data may be left as bulk data. */
export const PALETTE_DATA_TAGS = [DATA, SEGMENTED_DATA].flatMap((first) => [0, 1, 2].map((channel) => tag(0x0028, first + channel)));

/**
 * Expands a segmented palette (PS3.3 C.7.9.2): discrete (0) and linear (1) segments.
 * @param segments  words, or bytes where the palette has 8 bits
 * @param count  entries the descriptor promises; neither more nor fewer may come out
 * @throws InvalidPixelDescription  malformed, or an indirect segment (2), which no known writer makes
 */
export function expandSegments(segments: Uint16Array, count: number): Uint16Array {
  const entries = new Uint16Array(count);
  let filled = 0;
  for (let at = 0; filled < count;) {
    const [opcode, length] = [segments[at], segments[at + 1]];
    const end = at + 2 + (opcode === 0 ? length : 1);
    const usable = opcode === 0 || (opcode === 1 && filled > 0); // a line starts at the entry before it
    if (!usable || length === 0 || end > segments.length || filled + length > count)
      throw new InvalidPixelDescription('a segmented palette is malformed or has indirect segments');
    if (opcode === 0) entries.set(segments.subarray(at + 2, end), filled);
    else drawLine(entries.subarray(filled, filled + length), entries[filled - 1], segments[at + 2]);
    filled += length;
    at = end;
  }
  return entries;
}

/** Fills `line` with equal steps from the value before its first entry to `to`, its last. */
function drawLine(line: Uint16Array, from: number, to: number): void {
  for (let i = 0; i < line.length; i++) line[i] = Math.round(from + ((to - from) * (i + 1)) / line.length);
}

function bytesOf(words: Uint16Array): Uint16Array {
  return Uint16Array.from({ length: words.length * 2 }, (_, i) => (i % 2 === 0 ? words[i >> 1] & 0xff : words[i >> 1] >> 8));
}
