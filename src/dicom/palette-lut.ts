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
    const segments = bits === 8 ? ({ units: bytesOf(words), unitBytes: 1 } as const) : ({ units: words, unitBytes: 2 } as const);
    return { firstMapped, bits, entries: expandSegments(segments, entries) };
  };
  return { red: table(0), green: table(1), blue: table(2) };
}

/** Where the palette's data may be left as bulk data. */
export const PALETTE_DATA_TAGS = [DATA, SEGMENTED_DATA].flatMap((first) => [0, 1, 2].map((channel) => tag(0x0028, first + channel)));

/** The data of a segmented palette: words, or bytes where its entries have 8 bits. */
export interface Segments {
  readonly units: Uint16Array;
  readonly unitBytes: 1 | 2;
}

/** The standard bounds no nesting; a segment copied by way of so many others is a loop. */
const DEEPEST_COPY = 8;

/**
 * Expands a segmented palette (PS3.3 C.7.9.2): discrete (0), linear (1) and indirect (2) segments.
 * @param count  entries the descriptor promises; neither more nor fewer may come out
 * @throws InvalidPixelDescription  malformed
 */
export function expandSegments(segments: Segments, count: number): Uint16Array {
  const table = { entries: new Uint16Array(count), filled: 0 };
  for (let at = 0; table.filled < count;) at = expandOne(segments, at, table, 0);
  return table.entries;
}

/** Expands the segment at a unit and gives the unit after it. Each adds entries, or fails: the work is bounded by the table. */
function expandOne({ units, unitBytes }: Segments, at: number, table: { entries: Uint16Array; filled: number }, depth: number): number {
  const [opcode, length] = [units[at], units[at + 1]];
  const data = at + 2;
  const end = data + (opcode === 0 ? length : opcode === 1 ? 1 : 4 / unitBytes);
  const usable = opcode === 0 || ((opcode === 1 || opcode === 2) && table.filled > 0); // a line starts at the entry before it
  if (!usable || !(length > 0 && end <= units.length) || depth > DEEPEST_COPY) throw malformed(); // cut off, the length is undefined
  if (opcode === 2) {
    let copied = offsetAt({ units, unitBytes }, data);
    for (let i = 0; i < length; i++) copied = expandOne({ units, unitBytes }, copied, table, depth + 1);
    return end;
  }
  const { entries, filled } = table;
  if (filled + length > entries.length) throw malformed();
  if (opcode === 0) entries.set(units.subarray(data, end), filled);
  else drawLine(entries.subarray(filled, filled + length), entries[filled - 1], units[data]);
  table.filled += length;
  return end;
}

/** The unit an indirect segment points to: four bytes, the least significant first, that count bytes (PS3.3 C.7.9.2.3). */
function offsetAt({ units, unitBytes }: Segments, at: number): number {
  const bytes = units.subarray(at, at + 4 / unitBytes).reduceRight((sum, unit) => sum * 2 ** (8 * unitBytes) + unit, 0);
  if (bytes % unitBytes !== 0) throw malformed();
  return bytes / unitBytes;
}

const malformed = (): InvalidPixelDescription => new InvalidPixelDescription('a segmented palette is malformed');

/** Fills `line` with equal steps from the value before its first entry to `to`, its last. */
function drawLine(line: Uint16Array, from: number, to: number): void {
  for (let i = 0; i < line.length; i++) line[i] = Math.round(from + ((to - from) * (i + 1)) / line.length);
}

function bytesOf(words: Uint16Array): Uint16Array {
  return Uint16Array.from({ length: words.length * 2 }, (_, i) => (i % 2 === 0 ? words[i >> 1] & 0xff : words[i >> 1] >> 8));
}
