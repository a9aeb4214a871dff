/** Whatever JSON holds. */
type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };

const DATE_TIME = /^\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?$/;
const RULES: readonly (readonly [names: RegExp, form: RegExp])[] = [
  [/^(id|uid)$/, /^[A-Za-z0-9\-.]{1,64}$/],
  [/^(code|status|gender|role|use|language)$/, /^\S+( \S+)*$/],
  [/^(system|url)$/, /^(https?:\/\/|urn:)\S+$/],
  [/^(issued|recorded)$/, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/],
  [/^(started|effectiveDateTime|occurredDateTime)$/, DATE_TIME],
  [/^birthDate$/, /^(?!0000)\d{4}-\d{2}-\d{2}$/],
  [/^data$/, /^[A-Za-z0-9+/]+=*$/],
];

/** Elements that R4 asks for, by type (minimum cardinality 1). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  DiagnosticReport: ['status', 'code'],
  Observation: ['status', 'code'],
  Provenance: ['target', 'recorded', 'agent'],
  Device: [],
  DocumentReference: ['status', 'content'],
  Patient: [],
  ImagingStudy: ['status', 'subject'],
  Endpoint: ['status', 'connectionType', 'payloadType', 'address'],
};

/**
 * What a resource does against the rules of R4 that hold everywhere (json.html, datatypes.html, narrative.html): nothing
 * empty, text without control characters, data types in their form, required elements, a narrative of well-formed,
 * harmless XHTML. Each fault is its path and what is wrong; none is what is hoped for.
 */
export function r4Faults(resource: { readonly resourceType: string }): string[] {
  const json = JSON.parse(JSON.stringify(resource)) as { readonly [name: string]: Json };
  const absent = (REQUIRED[resource.resourceType] ?? ['(a type that is known here)']).filter((name) => !(name in json));
  return [...absent.map((name) => `${name}: absent`), ...valueFaults(json, resource.resourceType, '')];
}

function valueFaults(value: Json, path: string, name: string): string[] {
  if (value === null) return [`${path}: null`];
  if (typeof value === 'string') return textFaults(value, path, name);
  if (typeof value !== 'object') return [];
  const inside = Object.entries(value);
  if (inside.length === 0) return [`${path}: empty`];
  return inside.flatMap(([key, one]) => valueFaults(one, `${path}.${key}`, Array.isArray(value) ? name : key));
}

function textFaults(text: string, path: string, name: string): string[] {
  if (text.trim() === '') return [`${path}: blank`];
  // eslint-disable-next-line no-control-regex -- these are what is looked for (R4 datatypes.html#string)
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text)) return [`${path}: control character`];
  if (!text.isWellFormed()) return [`${path}: half a surrogate pair`];
  if (name === 'div') return narrativeFaults(text, path);
  return RULES.filter(([names, form]) => names.test(name) && !form.test(text)).map(([, form]) => `${path}: ${text} is not ${form.source}`);
}

/** Paragraphs in one div, tags closed in order, entities whole; no attribute but the namespace. */
function narrativeFaults(div: string, path: string): string[] {
  const tags = div.match(/<[^>]*>/g) ?? [];
  const strange = tags.filter((one) => !['<div xmlns="http://www.w3.org/1999/xhtml">', '<p>', '</p>', '</div>'].includes(one));
  const loose = div.replace(/<[^>]*>/g, '').match(/[<>]|&(?!(amp|lt|gt|quot|#39);)/g) ?? [];
  const wellFormed = /^<div [^>]*>(<p>[^<]*<\/p>)+<\/div>$/.test(div);
  return [...strange, ...loose, ...(wellFormed ? [] : ['not well-formed'])].map((fault) => `${path}: ${fault}`);
}

/** Every `reference` in a resource. */
export function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => (name === 'reference' && typeof one === 'string' ? [one] : references(one)));
}
