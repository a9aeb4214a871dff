import type { DicomElement, DicomJson, Tag } from './dicom-json.js';
import { tag } from './dicom-json.js';
import type { Encoding } from './encoding.js';
import { UnwritableValue } from './faults.js';
import { READER_LIMITS } from './reader-limits.js';
import { valueBytes } from './value-bytes.js';
import { isKnownVr, valueRepresentation } from './value-representations.js';

const SPECIFIC_CHARACTER_SET = tag(0x0008, 0x0005);
const ITEM = tag(0xfffe, 0xe000);
const LONGEST_SHORT_LENGTH = 0xfffe;
const LONGEST_LENGTH = 0xfffffffe;

/**
 * A data set as bytes (PS3.5 section 7): little endian, elements by rising tag, sequences and items of defined length,
 * text in UTF-8 and Specific Character Set saying so wherever it stands. Group lengths are left out.
 * @param bulk  values of elements of the data set itself that are too large for DICOM JSON: little endian bytes
 * @throws UnwritableValue  the first value that cannot be written
 */
export function writeDataSet(dataset: DicomJson, encoding: Encoding, bulk: ReadonlyMap<string, Uint8Array> = new Map()): Buffer {
  return Buffer.concat(elementsOf(dataset, encoding, 0, bulk));
}

function elementsOf(dataset: DicomJson, encoding: Encoding, depth: number, bulk?: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  return Object.keys(dataset)
    .sort()
    .filter((at) => !at.endsWith('0000'))
    .flatMap((at) => elementBytes(at as Tag, dataset[at], encoding, depth, bulk?.get(at))); // DicomJson's keys are tags
}

function elementBytes(at: Tag, element: DicomElement, encoding: Encoding, depth: number, bulk?: Uint8Array): Uint8Array[] {
  if (!/^[0-9A-F]{8}$/.test(at)) throw new UnwritableValue('a key is no tag', at);
  if (!isKnownVr(element.vr)) throw new UnwritableValue('its VR is unknown', at);
  const value = bulk ?? (element.vr === 'SQ' ? itemsBytes(at, element, encoding, depth) : valueBytes(asUtf8(at, element), at));
  const padding = Buffer.alloc(value.length % 2);
  const length = value.length + padding.length;
  if (length > LONGEST_LENGTH) throw new UnwritableValue('it is too long', at);
  return [elementHeader(at, element.vr, length, encoding), value, padding];
}

const asUtf8 = (at: Tag, element: DicomElement): DicomElement =>
  at === SPECIFIC_CHARACTER_SET ? { vr: 'CS', Value: ['ISO_IR 192'] } : element;

function itemsBytes(at: Tag, element: DicomElement, encoding: Encoding, depth: number): Buffer {
  if (depth >= READER_LIMITS.depth) throw new UnwritableValue('sequences are nested too deep', at);
  return Buffer.concat(
    (element.Value ?? []).flatMap((item) => {
      if (typeof item !== 'object' || item === null) throw new UnwritableValue('an item was expected', at);
      const elements = elementsOf(item as DicomJson, encoding, depth + 1); // what a sequence holds are items
      const length = elements.reduce((sum, bytes) => sum + bytes.length, 0);
      return [tagAndLength(ITEM, length), ...elements];
    }),
  );
}

/** PS3.5 7.1. A value too long for the 16-bit length of its VR goes as UN, which has 32 bits (6.2.2). */
function elementHeader(at: Tag, vr: string, length: number, { explicit }: Encoding): Buffer {
  if (!explicit) return tagAndLength(at, length);
  const { longLength } = valueRepresentation(vr);
  const written = longLength || length <= LONGEST_SHORT_LENGTH ? vr : 'UN';
  const header = Buffer.alloc(longLength || written === 'UN' ? 12 : 8);
  writeTag(header, at);
  header.write(written, 4, 'latin1');
  if (header.length === 12) header.writeUInt32LE(length, 8);
  else header.writeUInt16LE(length, 6);
  return header;
}

function tagAndLength(at: Tag, length: number): Buffer {
  const header = Buffer.alloc(8);
  writeTag(header, at);
  header.writeUInt32LE(length, 4);
  return header;
}

function writeTag(header: Buffer, at: Tag): void {
  header.writeUInt16LE(Number.parseInt(at.slice(0, 4), 16), 0);
  header.writeUInt16LE(Number.parseInt(at.slice(4), 16), 2);
}
