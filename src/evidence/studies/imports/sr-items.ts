import { firstText, items, type DicomJson, type Tag } from '../../../dicom/dicom-json.js';
import { tagOf } from '../../../dicom/data-dictionary.js';
import { EntryMalformed } from './faults.js';
import { READING_SCHEME, type ReadingCode } from './reading-codes.js';

/** A content item (PS3.3 C.17.3). */
export interface SrItem {
  /** Its position as PS3.3 C.17.3.2.5 counts: 1 the root, 1.2 the second item in it. */
  readonly position: string;
  readonly valueType: string;
  readonly relationship: string;
  readonly name: SrCode | undefined;
  readonly dataset: DicomJson;
  readonly children: readonly SrItem[];
}

export interface SrCode {
  readonly scheme: string;
  readonly code: string;
  readonly meaning: string;
}

/** @param keyword  of PS3.6 */
export const at = (keyword: string): Tag => tagOf(keyword) as Tag; // each is in PS3.6: the tests read them all

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10008.5.1.4.1.1.88.11', 'Basic Text SR'],
  ['1.2.840.10008.5.1.4.1.1.88.22', 'Enhanced SR'],
  ['1.2.840.10008.5.1.4.1.1.88.33', 'Comprehensive SR'],
  ['1.2.840.10008.5.1.4.1.1.88.34', 'Comprehensive 3D SR'],
]);
const IDENTIFIER_IN_ROLE = '128775';
const PERSON_OBSERVER_NAME = '121008';
const YES = '373066001';
const NO = '373067005';

/** The root of a document that is complete. @throws EntryMalformed */
export function rootOf(dataset: DicomJson): SrItem {
  if (!CLASSES.has(firstText(dataset, at('SOPClassUID')) ?? ''))
    throw new EntryMalformed('(0008,0016)', `must be ${[...CLASSES.values()].join(', ')}`);
  const root = itemOf(dataset, '1');
  if (root.valueType !== 'CONTAINER') throw new EntryMalformed('Content item 1 (0040,A040)', 'must be CONTAINER');
  if (firstText(dataset, at('CompletionFlag')) !== 'COMPLETE') throw new EntryMalformed('(0040,A491)', 'must be COMPLETE');
  return root;
}

function itemOf(dataset: DicomJson, position: string): SrItem {
  return {
    position,
    valueType: firstText(dataset, at('ValueType')) ?? '',
    relationship: firstText(dataset, at('RelationshipType')) ?? '',
    name: codeIn(dataset, 'ConceptNameCodeSequence'),
    dataset,
    children: items(dataset, at('ContentSequence')).map((child, i) => itemOf(child, `${position}.${i + 1}`)),
  };
}

export function codeIn(dataset: DicomJson, keyword: string): SrCode | undefined {
  const [one] = items(dataset, at(keyword));
  if (one === undefined) return undefined;
  const code = firstText(one, at('CodeValue')) ?? firstText(one, at('LongCodeValue')) ?? '';
  return { scheme: firstText(one, at('CodingSchemeDesignator')) ?? '', code, meaning: firstText(one, at('CodeMeaning')) ?? code };
}

/** Where in an item something is wrong. */
export const placeOf = ({ position }: SrItem, keyword?: string): string => {
  const tag = keyword === undefined ? '' : at(keyword);
  return `Content item ${position}${tag === '' ? '' : ` (${tag.slice(0, 4)},${tag.slice(4)})`}`;
};

export const isOwn = (name: SrCode | undefined, code: ReadingCode): boolean => name?.scheme === READING_SCHEME && name.code === code;

/** The code of ours that a CODE item has as its value; undefined where it is another's. */
export function ownCodeIn({ dataset }: SrItem): string | undefined {
  const value = codeIn(dataset, 'ConceptCodeSequence');
  return value?.scheme === READING_SCHEME ? value.code : undefined;
}

/** The item in a container that has a name of ours; not those deeper. @throws EntryMalformed  there are several */
export function ownItem(container: SrItem, code: ReadingCode): SrItem | undefined {
  const found = container.children.filter(({ name }) => isOwn(name, code));
  if (found.length > 1) throw new EntryMalformed(placeOf(found[1]), `is ${code} a second time`);
  return found[0];
}

/** The text of a TEXT item, or what a CODE item means. */
export const wordsIn = (item: SrItem | undefined): string | undefined =>
  item?.valueType === 'CODE' ? codeIn(item.dataset, 'ConceptCodeSequence')?.meaning : item && firstText(item.dataset, at('TextValue'));

/** The number of a NUM, or of a TEXT where the document can have no NUM; undefined where it was not measured. @throws EntryMalformed */
export function numberIn(item: SrItem): number | undefined {
  if (item.valueType !== 'NUM' && item.valueType !== 'TEXT') throw new EntryMalformed(placeOf(item, 'ValueType'), 'must be NUM or TEXT');
  const [measured] = items(item.dataset, at('MeasuredValueSequence'));
  if (item.valueType === 'NUM' && measured === undefined) return undefined;
  const text = item.valueType === 'NUM' ? firstText(measured, at('NumericValue')) : firstText(item.dataset, at('TextValue'));
  const isNumber = text !== undefined && /^[+-]?\d{1,6}(\.0*)?$/.test(text.trim());
  if (!isNumber) throw new EntryMalformed(placeOf(item, item.valueType === 'NUM' ? 'NumericValue' : 'TextValue'), 'must be a whole number');
  return Number(text);
}

/** Why a NUM has no value (PS3.3 C.18.1). */
export const qualifierOf = (item: SrItem): string | undefined => codeIn(item.dataset, 'NumericValueQualifierCodeSequence')?.meaning;

/** Yes or No (PS3.16 CID 230) of a CODE, 1 or 0 of a NUM; undefined where a NUM has no value. @throws EntryMalformed */
export function yesOrNoIn(item: SrItem): 0 | 1 | undefined {
  if (item.valueType === 'CODE') {
    const { scheme, code } = codeIn(item.dataset, 'ConceptCodeSequence') ?? { scheme: '', code: '' };
    if (scheme === 'SCT' && (code === YES || code === NO)) return code === YES ? 1 : 0;
    throw new EntryMalformed(placeOf(item, 'ConceptCodeSequence'), `must be Yes (${YES}, SCT) or No (${NO}, SCT)`);
  }
  const number = numberIn(item);
  if (number !== undefined && number !== 0 && number !== 1) throw new EntryMalformed(placeOf(item), 'must be 1 or 0');
  return number;
}

/** Who read, by a container's own observer context (PS3.16 TID 1003): the identifier in the role, or else the name. @throws EntryMalformed  several */
export function observerOf(container: SrItem): string | undefined {
  const context = container.children.filter(({ valueType }) => valueType !== 'CONTAINER').flatMap((one) => [one, ...one.children]);
  const saidBy = (code: string) => context.filter(({ name }) => name?.scheme === 'DCM' && name.code === code);
  const text = ({ dataset }: SrItem): string => firstText(dataset, at('TextValue')) ?? firstText(dataset, at('PersonName')) ?? '';
  const identifiers = saidBy(IDENTIFIER_IN_ROLE);
  const [first, second] = identifiers.length > 0 ? identifiers : saidBy(PERSON_OBSERVER_NAME);
  if (second !== undefined) throw new EntryMalformed(placeOf(second), 'is a second observer');
  return first && text(first);
}
