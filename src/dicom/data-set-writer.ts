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
const UNDEFINED_LENGTH = 0xffffffff;

/** A value that DICOM JSON does not hold: its bytes, or whatever its owner sends in their place, of that many bytes. */
export interface BulkValue {
  readonly length: number;
  /** A Basic Offset Table, fragments and the delimiter (PS3.5 A.4): the element has undefined length. */
  readonly encapsulated?: boolean;
}

/** Finds the value of an element that has a BulkDataURI, at any depth; undefined where it is not at hand. */
export type BulkSource<Bulk extends BulkValue> = (element: DicomElement, at: Tag) => Bulk | undefined;

/**
 * A data set as bytes (PS3.5 section 7): little endian, elements by rising tag, sequences and items of defined length,
 * text in UTF-8 and Specific Character Set saying so wherever it stands. Group lengths are left out.
 * @param bulk  little endian bytes of the elements that have a BulkDataURI
 * @throws UnwritableValue  the first value that cannot be written
 */
export function writeDataSet(dataset: DicomJson, encoding: Encoding, bulk: BulkSource<Uint8Array> = () => undefined): Buffer {
  return Buffer.concat(dataSetPieces(dataset, encoding, bulk));
}

/** The same in pieces: bytes, and between them what `bulk` gave, whose lengths the bytes around them already count. */
export function dataSetPieces<Bulk extends BulkValue>(
  dataset: DicomJson,
  encoding: Encoding,
  bulk: BulkSource<Bulk>,
): (Uint8Array | Bulk)[] {
  return elementsOf(dataset, encoding, 0, bulk);
}

function elementsOf<Bulk extends BulkValue>(
  dataset: DicomJson,
  encoding: Encoding,
  depth: number,
  bulk: BulkSource<Bulk>,
): (Uint8Array | Bulk)[] {
  return Object.keys(dataset)
    .sort()
    .filter((at) => !at.endsWith('0000'))
    .flatMap((at) => elementPieces(at as Tag, dataset[at], encoding, depth, bulk)); // DicomJson's keys are tags
}

function elementPieces<Bulk extends BulkValue>(
  at: Tag,
  element: DicomElement,
  encoding: Encoding,
  depth: number,
  bulk: BulkSource<Bulk>,
): (Uint8Array | Bulk)[] {
  if (!/^[0-9A-F]{8}$/.test(at)) throw new UnwritableValue('a key is no tag', at);
  if (/^(0000|FFFE)/.test(at)) throw new UnwritableValue('commands and delimiters are no data elements', at); // PS3.7, PS3.5 7.5
  if (!isKnownVr(element.vr)) throw new UnwritableValue('its VR is unknown', at);
  const value: readonly (Uint8Array | Bulk)[] =
    element.BulkDataURI !== undefined
      ? [bulk(element, at) ?? notAtHand(at)]
      : element.vr === 'SQ'
        ? itemsPieces(at, element, encoding, depth, bulk)
        : [valueBytes(asUtf8(at, element), at)];
  if ((value[0] as BulkValue | undefined)?.encapsulated === true) return [elementHeader(at, 'OB', UNDEFINED_LENGTH, encoding), ...value];
  const length = lengthOf(value);
  const padding = Buffer.alloc(length % 2, valueRepresentation(element.vr).kind === 'text' ? ' ' : 0);
  if (length + padding.length > LONGEST_LENGTH) throw new UnwritableValue('it is too long', at);
  return [elementHeader(at, element.vr, length + padding.length, encoding), ...value, padding];
}

const lengthOf = (pieces: readonly BulkValue[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

function notAtHand(at: Tag): never {
  throw new UnwritableValue('its bytes are not at hand', at);
}

const asUtf8 = (at: Tag, element: DicomElement): DicomElement =>
  at === SPECIFIC_CHARACTER_SET ? { vr: 'CS', Value: ['ISO_IR 192'] } : element;

function itemsPieces<Bulk extends BulkValue>(
  at: Tag,
  element: DicomElement,
  encoding: Encoding,
  depth: number,
  bulk: BulkSource<Bulk>,
): (Uint8Array | Bulk)[] {
  if (depth >= READER_LIMITS.depth) throw new UnwritableValue('sequences are nested too deep', at);
  return (element.Value ?? []).flatMap((item) => {
    if (typeof item !== 'object' || item === null) throw new UnwritableValue('an item was expected', at);
    const elements = elementsOf(item as DicomJson, encoding, depth + 1, bulk); // what a sequence holds are items
    return [tagAndLength(ITEM, lengthOf(elements)), ...elements];
  });
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
