import { typeDefinition, type ElementMembers } from '../definitions/definitions.js';
import '../edit/exact-json.js';
import { isPrimitive } from '../validation/primitives.js';
import { readXml, type XmlElement } from './read-xml.js';

/**
 * A resource in XML (R4 xml.html) as its JSON text. What R4 does not have is handed on as a member of its name, so that the
 * validator says where it is; numbers keep their digits. @throws MalformedXml
 */
export function xmlToJson(text: string): string {
  return JSON.stringify(resourceOf(readXml(text)));
}

type Members = Record<string, unknown>;

function resourceOf({ name, attributes, children }: XmlElement): Members {
  return { resourceType: name, ...strangers(attributes, new Set()), ...membersOf(children, typeDefinition(name)?.members) };
}

function membersOf(children: readonly XmlElement[], members: ElementMembers | undefined): Members {
  const made: Members = Object.create(null) as Members; // no name is special
  const counts = new Map<string, number>();
  for (const child of children) {
    const member = members?.byName.get(child.name);
    const type = member?.type?.code ?? '';
    const isList = (member?.element.max ?? 1) > 1;
    const place = counts.get(child.name) ?? 0;
    counts.set(child.name, place + 1);
    const { value, more } = isPrimitive(type)
      ? primitiveOf(child, type)
      : { value: elementOf(child, type, member?.element.members), more: undefined };
    put(made, child.name, value, place, isList);
    put(made, `_${child.name}`, more, place, isList);
  }
  return made;
}

/** Of several where one is meant the validator hears as of a list. In a list of primitives null stands where one has only extensions. */
function put(made: Members, name: string, value: unknown, place: number, isList: boolean): void {
  if (!isList && place === 0) {
    if (value !== undefined) made[name] = value;
    return;
  }
  if (value === undefined && made[name] === undefined) return;
  const list = Array.isArray(made[name]) ? (made[name] as unknown[]) : made[name] === undefined ? [] : [made[name]];
  while (list.length < place) list.push(null);
  list.push(value ?? null);
  made[name] = list;
}

const NUMBERS: ReadonlySet<string> = new Set(['decimal', 'integer', 'unsignedInt', 'positiveInt']);

function primitiveOf({ attributes, children, markup }: XmlElement, type: string): { value: unknown; more: unknown } {
  if (type === 'xhtml') return { value: markup, more: undefined };
  const { value: text, id } = attributes;
  const more = {
    ...(id !== undefined && { id }),
    ...strangers(attributes, VALUE_AND_ID),
    ...membersOf(children, typeDefinition('Element')?.members),
  };
  return { value: text === undefined ? undefined : scalarOf(text, type), more: Object.keys(more).length > 0 ? more : undefined };
}

const VALUE_AND_ID: ReadonlySet<string> = new Set(['value', 'id']);

/** What is no number or boolean stays text, and the validator says so. */
function scalarOf(text: string, type: string): unknown {
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  return NUMBERS.has(type) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? JSON.rawJSON(text) : text;
}

function elementOf(element: XmlElement, type: string, own: ElementMembers | undefined): unknown {
  const { attributes, children } = element;
  if (type === 'Resource' || typeDefinition(type)?.kind === 'resource')
    return children.length === 1 ? resourceOf(children[0]) : { resourceType: '' };
  const known = type === 'Extension' ? URL_AND_ID : ID;
  const written = Object.fromEntries(Object.entries(attributes).filter(([name]) => known.has(name)));
  return { ...written, ...strangers(attributes, known), ...membersOf(children, own ?? typeDefinition(type)?.members) };
}

const ID: ReadonlySet<string> = new Set(['id']);
const URL_AND_ID: ReadonlySet<string> = new Set(['url', 'id']);

/** Attributes that have no place here. */
const strangers = (attributes: Readonly<Record<string, string>>, known: ReadonlySet<string>): Members =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => !known.has(name))
      .map(([name, value]) => [`@${name}`, value]),
  );
