import { isObject } from '../validation/json-object.js';

/**
 * Gives a resource the addresses that its Bundle's entries get (R4 http.html#trules): in references, in whatever else is wholly
 * such an address (uri, url, canonical), and in links and images of the narrative. Changes the value in place.
 * @param addresses  by fullUrl, `Type/id`
 */
export function rewriteReferences(value: unknown, addresses: ReadonlyMap<string, string>): void {
  if (addresses.size === 0) return;
  visitTexts(value, (text, key) => {
    if (key === 'div') return text.includes('urn:') ? narrativeWith(text, addresses) : text;
    if (key !== 'reference' && !text.startsWith('urn:')) return text;
    const [address, fragment] = splitFragment(text);
    const given = addresses.get(address);
    return given === undefined ? text : given + fragment;
  });
}

/** References to whatever meets a search (`Patient?identifier=…`), each once (R4 http.html#conditional references). */
export function conditionalReferences(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visitTexts(value, (text, key) => {
    if (key === 'reference' && /^[A-Z][A-Za-z]+\?./.test(text)) found.add(text);
    return text;
  });
  return found;
}

const splitFragment = (text: string): [string, string] => {
  const at = text.indexOf('#');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
};

const narrativeWith = (div: string, addresses: ReadonlyMap<string, string>): string =>
  div.replace(/\b(href|src)=(["'])([^"']+)\2/g, (whole, attribute: string, quote: string, address: string) => {
    const given = addresses.get(address);
    return given === undefined ? whole : `${attribute}=${quote}${given}${quote}`;
  });

function visitTexts(value: unknown, change: (text: string, key: string) => string): void {
  if (Array.isArray(value)) {
    value.forEach((one: unknown, i) => {
      if (typeof one === 'string') value[i] = change(one, '');
      else visitTexts(one, change);
    });
  } else if (isObject(value)) {
    const members = value as Record<string, unknown>;
    for (const [key, one] of Object.entries(members))
      if (typeof one === 'string') members[key] = change(one, key);
      else if (typeof one === 'object') visitTexts(one, change);
  }
}
