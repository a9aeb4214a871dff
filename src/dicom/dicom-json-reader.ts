import type { DicomElement, DicomJson, DicomValue, PersonName, Tag } from './dicom-json.js';
import { HeaderTooLarge, MalformedMetadata, SequenceTooDeep, UnwritableValue } from './faults.js';
import type { DicomFault } from './faults.js';
import type { JsonValue } from './json-text.js';
import { readJsonText } from './json-text.js';
import { READER_LIMITS } from './reader-limits.js';
import { isKnownVr, valueRepresentation } from './value-representations.js';

/** Each sequence is an element, its Value and an item: three levels of JSON. Somewhat more is still read, to say which is too deep. */
const MOST_JSON_DEPTH = READER_LIMITS.depth * 3 * 2;
const CARRIERS = ['Value', 'InlineBinary', 'BulkDataURI'] as const;
const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/**
 * Reads a body of `application/dicom+json` (PS3.18 Annex F): an array of data sets, or one alone. What is wrong with one of
 * them is given in its place, as the others are good without it.
 * @throws MalformedMetadata  the whole is no JSON in UTF-8, or is neither data set nor array
 */
export function readDicomJson(bytes: Uint8Array): (DicomJson | DicomFault)[] {
  const value = readJsonText(utf8(bytes), MOST_JSON_DEPTH);
  const all = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  return all.map((one) => {
    try {
      return new DicomJsonReader().dataset(one, 0);
    } catch (fault) {
      return fault as DicomFault; // nothing else is thrown below
    }
  });
}

/** New elements of a data set by tag, and null for those to be removed. */
export type DicomJsonChange = Readonly<Record<string, DicomElement | null>>;

/**
 * Reads what an attribute change says: one data set, or an array of one, whose elements may be null.
 * @throws MalformedMetadata, UnwritableValue, HeaderTooLarge, SequenceTooDeep
 */
export function readDicomJsonChange(bytes: Uint8Array): DicomJsonChange {
  const value = readJsonText(utf8(bytes), MOST_JSON_DEPTH);
  const all = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  if (all.length !== 1) throw new MalformedMetadata('a change is one data set');
  return new DicomJsonReader().change(all[0]);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedMetadata('it is not UTF-8');
  }
}

class DicomJsonReader {
  private elements = 0;

  dataset(value: JsonValue, depth: number): DicomJson {
    if (!(value instanceof Map)) throw new MalformedMetadata('a data set is an object by tag');
    const dataset: DicomJson = {};
    for (const [key, element] of value as ReadonlyMap<string, JsonValue>) {
      const at = tagOf(key);
      if (at in dataset) throw new UnwritableValue('it stands there twice', at);
      if (++this.elements > READER_LIMITS.elements) throw new HeaderTooLarge({ tag: at });
      dataset[at] = this.element(element, at, depth);
    }
    return dataset;
  }

  change(value: JsonValue): DicomJsonChange {
    if (!(value instanceof Map)) throw new MalformedMetadata('a change is an object by tag');
    const members = [...(value as ReadonlyMap<string, JsonValue>)];
    const given = this.dataset(new Map(members.filter(([, element]) => element !== null)), 0);
    const removed = members.filter(([, element]) => element === null).map(([key]) => tagOf(key));
    const twice = removed.find((at, i) => at in given || removed.indexOf(at) !== i);
    if (twice !== undefined) throw new UnwritableValue('it stands there twice', twice);
    return { ...given, ...Object.fromEntries(removed.map((at) => [at, null])) };
  }

  private element(value: JsonValue, at: Tag, depth: number): DicomElement {
    if (!(value instanceof Map)) throw new UnwritableValue('an element is an object with vr', at);
    const members = value as ReadonlyMap<string, JsonValue>;
    const vr = members.get('vr');
    if (typeof vr !== 'string') throw new UnwritableValue('it has no vr', at);
    if (!isKnownVr(vr)) throw new UnwritableValue('its VR is unknown', at);
    const [carrier, another] = CARRIERS.filter((name) => members.has(name));
    if (another !== undefined) throw new UnwritableValue(`it has both ${carrier} and ${another}`, at);
    if (carrier === undefined) return { vr };
    const content = members.get(carrier);
    if (carrier === 'Value') return { vr, Value: this.values(vr, content, at, depth) };
    if (typeof content !== 'string') throw new UnwritableValue(`${carrier} is text`, at);
    if (carrier === 'BulkDataURI' && vr === 'SQ') throw new UnwritableValue('a sequence cannot be bulk data', at);
    return { vr, [carrier]: content };
  }

  private values(vr: string, content: JsonValue | undefined, at: Tag, depth: number): DicomValue[] {
    if (!Array.isArray(content)) throw new UnwritableValue('Value is an array', at);
    if (vr === 'SQ' && depth >= READER_LIMITS.depth) throw new SequenceTooDeep({ tag: at });
    return (content as readonly JsonValue[]).map((value) => {
      if (vr === 'SQ') return this.dataset(value ?? new Map<string, JsonValue>(), depth + 1); // null: an empty item
      if (value === null) return emptyValue(vr, at);
      if (vr === 'PN') return personName(value, at);
      if (typeof value === 'string' || typeof value === 'number') return value;
      throw new UnwritableValue('a value is neither text nor number', at);
    });
  }
}

/** Among texts an empty value has a place between backslashes; a binary number has none (PS3.5 6.4). */
function emptyValue(vr: string, at: Tag): null {
  if (valueRepresentation(vr).kind !== 'text') throw new UnwritableValue('its VR has no empty values', at);
  return null;
}

function tagOf(key: string): Tag {
  if (!/^[0-9A-Fa-f]{8}$/.test(key)) throw new MalformedMetadata('a name is no tag of eight hexadecimal digits');
  return key.toUpperCase() as Tag; // eight hexadecimal digits, as just seen
}

function personName(value: JsonValue, at: Tag): PersonName {
  if (!(value instanceof Map)) throw new UnwritableValue('a person name is an object by component group', at);
  const name: PersonName = {};
  for (const [key, text] of value as ReadonlyMap<string, JsonValue>) {
    const group = NAME_GROUPS.find((one) => one === key);
    if (group === undefined || (typeof text !== 'string' && text !== null)) throw new UnwritableValue('a component group is unknown', at);
    if (text !== null) name[group] = text;
  }
  return name;
}
