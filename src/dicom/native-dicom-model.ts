import type { DicomElement, DicomJson, DicomValue, PersonName, Tag } from './dicom-json.js';
import { HeaderTooLarge, MalformedMetadata, SequenceTooDeep, UnwritableValue } from './faults.js';
import { privateTag } from './private-blocks.js';
import { READER_LIMITS } from './reader-limits.js';
import { isKnownVr, valueRepresentation } from './value-representations.js';

const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const NAME_COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;
type NameGroup = (typeof NAME_GROUPS)[number];
/** An empty value has its number or is left out; more than this many left out are no data set. */
const MOST_EMPTY_VALUES = 65_536;

/** Where in the document the reader stands (PS3.19 A.1.6). */
type Place =
  | { readonly kind: 'dataset'; readonly dataset: DicomJson; readonly depth: number }
  | { readonly kind: 'attribute'; readonly at: Tag; readonly element: DicomElement; readonly depth: number; readonly dataset: DicomJson }
  | { readonly kind: 'text'; readonly take: (text: string) => void; text: string }
  | { readonly kind: 'name'; readonly at: Tag; readonly name: PersonName }
  | { readonly kind: 'group'; readonly at: Tag; readonly name: PersonName; readonly group: NameGroup; readonly components: string[] }
  | { readonly kind: 'empty' };

type Attribute = (name: string) => string | undefined;

/** Makes a data set of the elements and text of a Native DICOM Model document (PS3.19 A.1), as they come. */
export class NativeDicomModel {
  readonly dataset: DicomJson = {};
  private readonly places: Place[] = [];
  private elements = 0;
  private emptyValues = 0;

  /** @throws MalformedMetadata  the model has no such element here */
  open(name: string, attribute: Attribute): void {
    const place = this.places.at(-1);
    if (place === undefined) {
      if (name !== 'NativeDicomModel') throw new MalformedMetadata('its root is no NativeDicomModel');
      this.places.push({ kind: 'dataset', dataset: this.dataset, depth: 0 });
    } else if (place.kind === 'dataset' && name === 'DicomAttribute') this.openAttribute(place, attribute);
    else if (place.kind === 'attribute') this.openContent(place, name, attribute);
    else if (place.kind === 'name') this.openGroup(place, name);
    else if (place.kind === 'group') this.openComponent(place, name);
    else throw new MalformedMetadata(`${known(name)} does not belong where it stands`);
  }

  text(text: string): void {
    const place = this.places.at(-1);
    if (place?.kind === 'text') place.text += text;
    else if (text.trim() !== '') throw new MalformedMetadata('text stands outside a value');
  }

  close(): void {
    const place = this.places.pop();
    if (place?.kind === 'text') place.take(place.text);
    if (place?.kind === 'group') place.name[place.group] = place.components.join('^').replace(/\^+$/, '');
  }

  private openAttribute({ dataset, depth }: Place & { kind: 'dataset' }, attribute: Attribute): void {
    const written = attribute('tag')?.toUpperCase() ?? '';
    if (!/^[0-9A-F]{8}$/.test(written)) throw new MalformedMetadata('a DicomAttribute has no tag of eight hexadecimal digits');
    const creator = attribute('privateCreator');
    const at = creator === undefined ? (written as Tag) : privateTag(written as Tag, creator, dataset); // as just seen
    const vr = attribute('vr') ?? '';
    if (!isKnownVr(vr)) throw new UnwritableValue('its VR is unknown', at);
    if (at in dataset) throw new UnwritableValue('it stands there twice', at);
    if (++this.elements > READER_LIMITS.elements) throw new HeaderTooLarge({ tag: at });
    const element: DicomElement = { vr };
    dataset[at] = element;
    this.places.push({ kind: 'attribute', at, element, depth, dataset });
  }

  private openContent({ at, element, depth }: Place & { kind: 'attribute' }, name: string, attribute: Attribute): void {
    const { vr } = element;
    if (element.InlineBinary !== undefined || element.BulkDataURI !== undefined) throw new UnwritableValue('it has two values', at);
    if (name === 'BulkData' || name === 'InlineBinary') {
      if (element.Value !== undefined || vr === 'SQ') throw new UnwritableValue('it has two values', at);
      if (name === 'InlineBinary') {
        element.InlineBinary = '';
        this.places.push({ kind: 'text', text: '', take: (text) => (element.InlineBinary = text.replace(/\s+/g, '')) });
      } else {
        element.BulkDataURI = attribute('uri') ?? attribute('uuid') ?? '';
        this.places.push({ kind: 'empty' });
      }
      return;
    }
    const expected = vr === 'SQ' ? 'Item' : vr === 'PN' ? 'PersonName' : 'Value';
    if (name !== expected) throw new UnwritableValue(`its VR has ${expected}, not ${known(name)}`, at);
    const values = (element.Value ??= []);
    this.passEmptyValues(values, attribute('number'), vr, at);
    if (vr === 'SQ') {
      if (depth >= READER_LIMITS.depth) throw new SequenceTooDeep({ tag: at });
      const item: DicomJson = {};
      values.push(item);
      this.places.push({ kind: 'dataset', dataset: item, depth: depth + 1 });
    } else if (vr === 'PN') {
      const person: PersonName = {};
      values.push(person);
      this.places.push({ kind: 'name', at, name: person });
    } else this.places.push({ kind: 'text', text: '', take: (text) => values.push(valueOf(vr, text, at)) });
  }

  /** Values are numbered from 1; of texts, those that are empty may be left out (PS3.19 Table A.1.5-2). */
  private passEmptyValues(values: DicomValue[], number: string | undefined, vr: string, at: Tag): void {
    const place = values.length + 1;
    const given = number === undefined ? place : Number(number);
    if (!Number.isInteger(given) || given < place) throw new UnwritableValue('its values are not numbered from 1 upwards', at);
    if (given === place) return;
    this.emptyValues += given - place;
    const holdsEmpty = valueRepresentation(vr).kind === 'text';
    if (!holdsEmpty || this.emptyValues > MOST_EMPTY_VALUES) throw new UnwritableValue('numbers of its values are left out', at);
    while (values.length + 1 < given) values.push(null);
  }

  private openGroup({ at, name }: Place & { kind: 'name' }, group: string): void {
    const found = NAME_GROUPS.find((one) => one === group);
    if (found === undefined || name[found] !== undefined) throw new UnwritableValue('a component group is unknown or stands twice', at);
    name[found] = '';
    this.places.push({ kind: 'group', at, name, group: found, components: ['', '', '', '', ''] });
  }

  private openComponent({ at, components }: Place & { kind: 'group' }, component: string): void {
    const place = NAME_COMPONENTS.findIndex((one) => one === component);
    if (place < 0) throw new UnwritableValue('a component of a person name is unknown', at);
    const take = (text: string): void => {
      if (/[\^=]/.test(text)) throw new UnwritableValue('"^" and "=" separate the parts of a person name', at);
      components[place] = text;
    };
    this.places.push({ kind: 'text', text: '', take });
  }
}

/** A name of the model as it is; any other is not repeated, as it may hold anything. */
const known = (name: string): string =>
  /^(DicomAttribute|Value|Item|PersonName|BulkData|InlineBinary|NativeDicomModel)$/.test(name) ? name : 'an unknown element';

/** A value of a number is a number in DICOM JSON; where it is none, and of 64-bit integers, the writer decides. */
function valueOf(vr: string, text: string, at: Tag): DicomValue {
  const { kind } = valueRepresentation(vr);
  if (kind === 'binary') throw new UnwritableValue('binary data is InlineBinary or BulkData', at);
  if (kind !== 'numbers') return text === '' ? null : text;
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number) || vr.startsWith('F'))
    ? number
    : text.trim();
}
