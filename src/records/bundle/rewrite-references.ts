import { typeDefinition, type ElementMembers } from '../definitions/definitions.js';
import { isObject, type JsonObject } from '../validation/json-object.js';

/** Where a text stands that may be an address: in a reference, as an address of another kind, in a narrative's markup. */
type Kind = 'reference' | 'address' | 'markup';
type Change = (text: string, kind: Kind, place: Place) => string;

/** Where something stands: a step of a FHIRPath, and what it is within. */
interface Place {
  readonly within: Place | undefined;
  readonly step: string;
  /** In a Bundle that is a resource itself: what it refers to is its own affair. */
  readonly isBundles: boolean;
}

const ADDRESSES: ReadonlySet<string> = new Set(['uri', 'url', 'canonical', 'oid', 'uuid']);

/**
 * Gives a resource the addresses that its Bundle's entries get (R4 http.html#trules): in references, in whatever is a uri, url,
 * canonical, oid or uuid, and in links and images of the narrative; no other text is looked at. Changes the value in place.
 * @param addressOf  `Type/id` of an entry, by its fullUrl or what is relative to it
 * @returns whether a reference is left by a name that only a Bundle could lead from
 */
export function rewriteReferences(resource: unknown, addressOf: (reference: string) => string | undefined): boolean {
  let isLeft = false;
  visitResource(resource, (text, kind, { isBundles }) => {
    if (kind === 'markup') return narrativeWith(text, addressOf);
    const at = text.indexOf('#');
    const [address, fragment] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
    const given = addressOf(address);
    isLeft ||= given === undefined && kind === 'reference' && !isBundles && isName(text);
    return given === undefined ? text : given + fragment;
  });
  return isLeft;
}

/** A name that leads to an entry of the same Bundle, and nowhere else (R4 bundle.html#references). */
export const isName = (reference: string): boolean => /^urn:(?:uuid|oid):/i.test(reference);

/** Changes the references of a resource, and no other text, in place. */
export const changeReferences = (resource: unknown, change: (reference: string) => string): void =>
  visitResource(resource, (text, kind) => (kind === 'reference' ? change(text) : text));

/** References to whatever meets a search (`Patient?identifier=…`), each once (R4 http.html#conditional references). */
export function conditionalReferences(resource: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visitResource(resource, (text, kind, { isBundles }) => {
    if (kind === 'reference' && !isBundles && isConditional(text)) found.add(text);
    return text;
  });
  return found;
}

/** Whether a reference is a search. */
export const isConditional = (reference: string): boolean => /^[A-Z][A-Za-z]+\?./.test(reference);

/** Where a resource has such references, as FHIRPath. @param path  of the resource; its type where it stands alone */
export function placesOfReferences(resource: unknown, path: string, isSuch: (reference: string) => boolean): string[] {
  const found: string[] = [];
  visitResource(
    resource,
    (text, kind, place) => {
      if (kind === 'reference' && !place.isBundles && isSuch(text)) found.push(pathOf(place));
      return text;
    },
    { within: undefined, step: path, isBundles: false },
  );
  return found;
}

const pathOf = ({ within, step }: Place): string => (within === undefined ? step : `${pathOf(within)}.${step}`);

const narrativeWith = (div: string, addressOf: (reference: string) => string | undefined): string =>
  div.replace(/\b(href|src)=(["'])([^"']+)\2/g, (whole, attribute: string, quote: string, address: string) => {
    const given = addressOf(address);
    return given === undefined ? whole : `${attribute}=${quote}${given}${quote}`;
  });

const ALONE: Place = { within: undefined, step: '', isBundles: false };

function visitResource(value: unknown, change: Change, place = ALONE): void {
  if (!isObject(value)) return;
  const type = String(value['resourceType']);
  visitMembers(value, typeDefinition(type)?.members, '', type === 'Bundle' ? { ...place, isBundles: true } : place, change);
}

function visitMembers(value: JsonObject, members: ElementMembers | undefined, type: string, place: Place, change: Change): void {
  const written = value as Record<string, unknown>;
  for (const name of Object.keys(value)) {
    const isExtra = name.startsWith('_');
    const member = members?.byName.get(isExtra ? name.slice(1) : name);
    const code = isExtra ? 'Element' : (member?.type?.code ?? '');
    const kind = kindOf(code, name, type);
    const own = (index: string): Place => ({
      within: place,
      isBundles: place.isBundles,
      step: `${member?.element.pathName ?? name}${index}`,
    });
    const one = (item: unknown, index = ''): unknown => {
      if (typeof item === 'string') return kind === undefined ? item : change(item, kind, own(index));
      if (!isObject(item)) return item;
      if (code === 'Resource' || typeDefinition(code)?.kind === 'resource') visitResource(item, change, own(index));
      else visitMembers(item, member?.element.members ?? typeDefinition(code)?.members, code, own(index), change);
      return item;
    };
    const given = value[name];
    if (Array.isArray(given)) {
      const items = given as unknown[];
      for (const [i, item] of items.entries()) items[i] = one(item, `[${i}]`);
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
