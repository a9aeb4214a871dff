import { characterSet } from './character-sets.js';
import { requireConforming } from './conforming-values.js';
import { allowedVrs, isPrivate } from './data-dictionary.js';
import type { DicomElement, DicomJson, Tag } from './dicom-json.js';
import { tag } from './dicom-json.js';
import { elementOf } from './element-values.js';
import { UnknownAttribute, UnwritableValue, WrongVr } from './faults.js';
import { ReadingNotes } from './reading-notes.js';
import { valueBytes } from './value-bytes.js';

const SPECIFIC_CHARACTER_SET = tag(0x0008, 0x0005);
/** Groups of messages, files and delimiters (PS3.7, PS3.10, PS3.5 7.5): never of a data set. */
const OF_NO_DATA_SET = /^(000[0246]|FFF)|0000$/;

/**
 * An element that came from outside as DICOM JSON, the way a reader of files would give it, so that what is kept does not
 * depend on how it was written down (numbers as text, empty groups of a name, padding). Of sequences all the items.
 * @throws UnknownAttribute, WrongVr  by PS3.6; UnwritableValue  a value its VR cannot hold, or one that is elsewhere
 */
export function checkedElement(at: Tag, element: DicomElement): DicomElement {
  if (OF_NO_DATA_SET.test(at)) throw new UnwritableValue('it does not belong into a data set', at);
  const vrs = allowedVrs(at);
  if (vrs === undefined && !isPrivate(at)) throw new UnknownAttribute(at);
  if (vrs?.includes(element.vr) === false) throw new WrongVr(at);
  if (element.vr === 'SQ') return checkedSequence(at, element);
  requireConforming(element, at);
  const notes = new ReadingNotes();
  const asUtf8 = { littleEndian: true, characterSet: characterSet(['ISO_IR 192'], notes), notes };
  return elementOf(element.vr, valueBytes(element, at), asUtf8);
}

function checkedSequence(at: Tag, { Value: given, ...element }: DicomElement): DicomElement {
  if (element.InlineBinary !== undefined || element.BulkDataURI !== undefined) throw new UnwritableValue('a sequence has items', at);
  return given === undefined || given.length === 0
    ? { vr: 'SQ' }
    : { vr: 'SQ', Value: given.map((item) => checkedItem((item ?? {}) as DicomJson)) };
}

/** JSON is UTF-8, and so says its Specific Character Set (PS3.18 F.2). */
const checkedItem = (item: DicomJson): DicomJson =>
  Object.fromEntries(
    Object.entries(item).map(([at, element]): [string, DicomElement] => [
      at,
      at === SPECIFIC_CHARACTER_SET ? { vr: 'CS', Value: ['ISO_IR 192'] } : checkedElement(at as Tag, element), // a key of DICOM JSON
    ]),
  );
