import { typeDefinition, type ElementDefinition, type ElementMembers } from '../definitions/definitions.js';
import { exactJson } from '../edit/exact-json.js';
import { isObject, type JsonObject } from '../validation/json-object.js';
import { isPrimitive } from '../validation/primitives.js';
import { attributeText } from './attribute-text.js';

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';

/** A resource's JSON text as XML (R4 xml.html): members in the order of their definitions, decimals with their digits. */
export function jsonToXml(text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${resourceXml(exactJson(text, JSON.parse(text)), ` xmlns="${FHIR_NAMESPACE}"`)}`;
}

function resourceXml(value: unknown, namespace = ''): string {
  if (!isObject(value)) return '';
  const type = String(value['resourceType']);
  const inner = membersXml(value, typeDefinition(type)?.members, new Set());
  return tag(type, namespace, inner);
}

/** What an element's definition makes an attribute of: an element's own id, an extension's url (R4 xml.html). */
const AS_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = { Extension: new Set(['id', 'url']) };
const ID: ReadonlySet<string> = new Set(['id']);

function membersXml(value: JsonObject, members: ElementMembers | undefined, attributes: ReadonlySet<string>): string {
  let xml = '';
  for (const element of members?.elements ?? []) {
    if (attributes.has(element.name)) continue;
    element.writtenNames.forEach((name, i) => {
      const [given, more] = [value[name], value[`_${name}`]];
      if (given !== undefined || more !== undefined) xml += elementsXml(name, given, more, element, element.types.at(i)?.code ?? '');
    });
  }
  return xml;
}

/** One or several of a name; what a primitive's extensions say stands in a list beside the values. */
function elementsXml(name: string, given: unknown, more: unknown, element: ElementDefinition, type: string): string {
  const [values, extras] = [given, more].map((one) => (Array.isArray(one) ? (one as unknown[]) : one === undefined ? [] : [one]));
  return Array.from({ length: Math.max(values.length, extras.length) }, (_, i) =>
    elementXml(name, values[i], extras[i], element, type),
  ).join('');
}

function elementXml(name: string, value: unknown, more: unknown, element: ElementDefinition, type: string): string {
  if (type === 'xhtml') return String(value);
  if (isPrimitive(type)) {
    const extra = isObject(more) ? more : {};
    return tag(
      name,
      attribute('id', extra['id']) + attribute('value', value ?? undefined),
      membersXml(extra, typeDefinition('Element')?.members, ID),
    );
  }
  const definition = typeDefinition(type);
  if (type === 'Resource' || definition?.kind === 'resource') return tag(name, '', resourceXml(value));
  if (!isObject(value)) return '';
  const attributes = AS_ATTRIBUTES[type] ?? ID;
  const written = [...attributes].map((one) => attribute(one, value[one])).join('');
  return tag(name, written, membersXml(value, element.members ?? definition?.members, attributes));
}

const tag = (name: string, attributes: string, inner: string): string =>
  inner === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`;

const attribute = (name: string, value: unknown): string => (value === undefined ? '' : ` ${name}="${attributeText(scalarText(value))}"`);

/** A number that must keep its digits is an object that JSON writes as they are (exactJson). */
const scalarText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
