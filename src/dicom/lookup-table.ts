import { allNumbers, tag, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';
import { InvalidPixelDescription } from './pixel-faults.js';

/** A Modality, VOI or Palette Color LUT (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5). */
export interface LookupTable {
  /** the input value of the first entry; inputs below it take the first entry, inputs past the end the last */
  readonly firstMapped: number;
  /** bits of an entry, 8 to 16: the outputs span 0 … 2^bits − 1 */
  readonly bits: number;
  readonly entries: Uint16Array;
}

/** Bytes of a value that the data set only names by its BulkDataURI, as they lie in the file; undefined where not at hand. */
export type BulkBytes = (bulkDataURI: string) => Uint8Array | undefined;

export const LUT_DESCRIPTOR = tag(0x0028, 0x3002);
export const LUT_DATA = tag(0x0028, 0x3006);

/** Three values of a LUT Descriptor, with the two readings of the standard undone: 0 entries are 65,536. */
export interface LutDescriptor {
  readonly entries: number;
  readonly firstMapped: number;
  readonly bits: number;
}

/** Output of a table for one input value. */
export function lookUp({ firstMapped, entries }: LookupTable, value: number): number {
  const index = Math.round(value) - firstMapped;
  return entries[index <= 0 ? 0 : index >= entries.length ? entries.length - 1 : index];
}

/**
 * Reads a LUT Descriptor (PS3.3 C.11.1.1).
 * @param signedInput  whether inputs may be negative: then a first mapped value written as US is two's complement
 * @throws InvalidPixelDescription  absent, not three values, or bits outside 8 … 16
 */
export function readDescriptor(item: DicomJson, at: Tag, signedInput: boolean): LutDescriptor {
  const [count, first, bits] = allNumbers(item, at);
  if (bits === undefined) throw new InvalidPixelDescription('a LUT Descriptor is absent or has not three values');
  if (bits < 8 || bits > 16) throw new InvalidPixelDescription(`a LUT Descriptor says ${bits} bits an entry`);
  const firstMapped = signedInput && first > 0x7fff ? first - 0x1_0000 : first;
  return { entries: count & 0xffff || 0x1_0000, firstMapped, bits };
}

/**
 * Reads the table of a LUT item: descriptor and data.
 * @param signedInput  whether the values that go in may be negative
 * @throws InvalidPixelDescription  data absent or shorter than the descriptor says
 */
export function readLookupTable(item: DicomJson, descriptorTag: Tag, dataTag: Tag, signedInput: boolean, bulk: BulkBytes): LookupTable {
  const { entries: count, firstMapped, bits } = readDescriptor(item, descriptorTag, signedInput);
  const words = lutWords(item[dataTag], bulk);
  if (words === undefined) throw new InvalidPixelDescription('the data of a LUT is absent');
  // Entries of 8 bits may be packed, two to a word, low byte first (PS3.3 C.7.6.3.1.5).
  const packed = bits === 8 && words.length < count && words.length === Math.ceil(count / 2);
  const entries = packed ? unpackBytes(words) : words;
  if (entries.length < count) throw new InvalidPixelDescription('a LUT has fewer entries than its descriptor says');
  return { firstMapped, bits, entries: entries.slice(0, count) };
}

/** The 16-bit words of LUT data, whichever form the data set gives them in; undefined where absent. */
export function lutWords(element: DicomElement | undefined, bulk: BulkBytes): Uint16Array | undefined {
  if (element?.Value !== undefined) return Uint16Array.from(element.Value.map(Number));
  const bytes =
    element?.InlineBinary !== undefined
      ? Buffer.from(element.InlineBinary, 'base64')
      : element?.BulkDataURI !== undefined
        ? bulk(element.BulkDataURI)
        : undefined;
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, i) => view.getUint16(i * 2, true));
}

function unpackBytes(words: Uint16Array): Uint16Array {
  const entries = new Uint16Array(words.length * 2);
  words.forEach((word, i) => {
    entries[i * 2] = word & 0xff;
    entries[i * 2 + 1] = word >> 8;
  });
  return entries;
}
