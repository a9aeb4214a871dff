import { isPrivateCreator, keywordOf } from './data-dictionary.js';
import type { DicomElement, DicomJson, DicomValue, PersonName, Tag } from './dicom-json.js';
import { firstText } from './dicom-json.js';

const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const NAME_COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;

/**
 * A data set as a document of the Native DICOM Model (PS3.19 A.1), in UTF-8.
 * @param dataset  its depth is bounded by whoever read it
 */
export function dicomXml(dataset: DicomJson): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">' +
    attributes(dataset) +
    '</NativeDicomModel>'
  );
}

function attributes(dataset: DicomJson): string {
  return Object.keys(dataset)
    .sort()
    .map((tag) => attribute(tag, dataset[tag], dataset))
    .join('');
}

function attribute(tag: string, element: DicomElement, dataset: DicomJson): string {
  const keyword = keywordOf(tag);
  const creator = privateCreatorOf(tag, dataset);
  const start =
    `<DicomAttribute tag="${named(tag, creator)}" vr="${escaped(element.vr)}"` +
    (keyword === undefined ? '' : ` keyword="${keyword}"`) +
    (creator === undefined ? '' : ` privateCreator="${escaped(creator)}"`);
  const content = contentOf(element);
  return content === '' ? `${start}/>` : `${start}>${content}</DicomAttribute>`;
}

/** A private element under its creator has "00" for the block it happens to stand in (ggggxxee as gggg00ee). */
const named = (tag: string, creator: string | undefined): string => (creator === undefined ? tag : `${tag.slice(0, 4)}00${tag.slice(6)}`);

/** The value of the creator element that reserved this private element's block (PS3.5 7.8.1). */
function privateCreatorOf(tag: string, dataset: DicomJson): string | undefined {
  const odd = Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;
  if (!odd || isPrivateCreator(tag) || tag.startsWith('00', 4)) return undefined;
  return firstText(dataset, `${tag.slice(0, 4)}00${tag.slice(4, 6)}` as Tag); // made of a tag's own digits
}

function contentOf({ vr, Value, InlineBinary, BulkDataURI }: DicomElement): string {
  if (InlineBinary !== undefined) return `<InlineBinary>${escaped(InlineBinary)}</InlineBinary>`;
  if (BulkDataURI !== undefined) return `<BulkData uri="${escaped(BulkDataURI)}"/>`;
  return (Value ?? []).map((value, i) => valueXml(vr, value, i + 1)).join('');
}

function valueXml(vr: string, value: DicomValue, number: number): string {
  if (vr === 'SQ') return wrapped('Item', number, attributes((value ?? {}) as DicomJson)); // what a sequence holds are items
  if (value === null) return `<Value number="${number}"/>`;
  if (vr === 'PN') return wrapped('PersonName', number, personNameXml(value as PersonName)); // and a PN, names
  return wrapped('Value', number, escaped(typeof value === 'object' ? '' : String(value))); // only SQ and PN hold objects
}

const wrapped = (name: string, number: number, content: string): string => `<${name} number="${number}">${content}</${name}>`;

function personNameXml(name: PersonName): string {
  return NAME_GROUPS.filter((group) => name[group] !== undefined)
    .map((group) => `<${group}>${componentsXml(name[group] ?? '')}</${group}>`)
    .join('');
}

/** The five components of a name group, between carets (PS3.5 6.2.1.1). */
function componentsXml(group: string): string {
  const components = group.split('^');
  return NAME_COMPONENTS.map((name, i) => (components[i] ? `<${name}>${escaped(components[i])}</${name}>` : '')).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text for XML 1.0: markup as entities; characters that XML cannot hold at all (section 2.2) become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/(?![\t\n\r\x7F-\x9F])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character])
    .toWellFormed();
}
