import { typeDefinition, type ElementMembers } from '../definitions/definitions.js';
import { isObject, type JsonObject } from '../validation/json-object.js';

/** Where a text stands that may be an address: in a reference, as an address of another kind, in a narrative's markup. */
type Kind = 'reference' | 'address' | 'markup';
type Change = (text: string, kind: Kind) => string;

const ADDRESSES: ReadonlySet<string> = new Set(['uri', 'url', 'canonical', 'oid', 'uuid']);

/**
 * Gives a resource the addresses that its Bundle's entries get (R4 http.html#trules): in references, in whatever is a uri, url,
 * canonical, oid or uuid, and in links and images of the narrative; no other text is looked at. Changes the value in place.
 * @param addressOf  `Type/id` of an entry, by its fullUrl or what is relative to it
 */
export function rewriteReferences(resource: unknown, addressOf: (reference: string) => string | undefined): void {
  visitResource(resource, (text, kind) => {
    if (kind === 'markup') return narrativeWith(text, addressOf);
    const at = text.indexOf('#');
    const [address, fragment] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
    const given = addressOf(address);
    return given === undefined ? text : given + fragment;
  });
}

/** Changes the references of a resource, and no other text, in place. */
export const changeReferences = (resource: unknown, change: (reference: string) => string): void =>
  visitResource(resource, (text, kind) => (kind === 'reference' ? change(text) : text));

/** References to whatever meets a search (`Patient?identifier=…`), each once (R4 http.html#conditional references). */
export function conditionalReferences(resource: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visitResource(resource, (text, kind) => {
    if (kind === 'reference' && /^[A-Z][A-Za-z]+\?./.test(text)) found.add(text);
    return text;
  });
  return found;
}

const narrativeWith = (div: string, addressOf: (reference: string) => string | undefined): string =>
  div.replace(/\b(href|src)=(["'])([^"']+)\2/g, (whole, attribute: string, quote: string, address: string) => {
    const given = addressOf(address);
    return given === undefined ? whole : `${attribute}=${quote}${given}${quote}`;
  });

function visitResource(value: unknown, change: Change): void {
  if (!isObject(value)) return;
  visitMembers(value, typeDefinition(String(value['resourceType']))?.members, '', change);
}

function visitMembers(value: JsonObject, members: ElementMembers | undefined, type: string, change: Change): void {
  const written = value as Record<string, unknown>;
  for (const name of Object.keys(value)) {
    const isExtra = name.startsWith('_');
    const member = members?.byName.get(isExtra ? name.slice(1) : name);
    const code = isExtra ? 'Element' : (member?.type?.code ?? '');
    const kind = kindOf(code, name, type);
    const one = (item: unknown): unknown => {
      if (typeof item === 'string') return kind === undefined ? item : change(item, kind);
      if (!isObject(item)) return item;
      if (code === 'Resource' || typeDefinition(code)?.kind === 'resource') visitResource(item, change);
      else visitMembers(item, member?.element.members ?? typeDefinition(code)?.members, code, change);
      return item;
    };
    const given = value[name];
    if (Array.isArray(given)) {
      const items = given as unknown[];
      for (const [i, item] of items.entries()) items[i] = one(item);
    } else if (typeof given === 'string') {
      const changed = one(given);
      if (changed !== given) written[name] = changed;
    } else one(given);
  }
}

function kindOf(code: string, name: string, type: string): Kind | undefined {
  if (code === 'xhtml') return 'markup';
  if (ADDRESSES.has(code)) return 'address';
  return type === 'Reference' && name === 'reference' ? 'reference' : undefined;
}
