import type { ElementPath, Found } from './element-path.js';
import { spanOf, type Span } from './dates.js';
import { keyText, plainText } from './plain-text.js';
import type { Component, ParameterNumbers, SearchParameter, SearchType } from './search-parameters.js';

/** What a resource is found by: a row each, of the table of its kind. `part` tells the places of a composite apart. */
export interface IndexRows {
  readonly tokens: TokenRow[];
  readonly references: ReferenceRow[];
  readonly dates: DateRow[];
  readonly strings: StringRow[];
  readonly quantities: QuantityRow[];
}

interface Row {
  readonly parameter: number;
  readonly part: number;
}
export interface TokenRow extends Row {
  readonly system: string;
  readonly value: string;
}
export interface ReferenceRow extends Row {
  /** '' where the target is an address, and not a resource of a server's. */
  readonly targetType: string;
  readonly targetId: string;
}
export interface DateRow extends Row, Span {}
export interface StringRow extends Row {
  /** As it is compared by default. */
  readonly value: string;
  readonly exact: string;
}
export interface QuantityRow extends Row {
  /** Decimal texts, or Infinity. */
  readonly low: string;
  readonly high: string;
  readonly system: string;
  readonly code: string;
  readonly unit: string;
}

export const noRows = (): IndexRows => ({ tokens: [], references: [], dates: [], strings: [], quantities: [] });

/** The kinds of search that each have a table; `uri` lies with the tokens, `number` with the quantities. No numbers: no rows for modifiers. */
const WRITERS: Readonly<
  Partial<Record<SearchType, (rows: IndexRows, at: Row, found: Found, numbers: ParameterNumbers | undefined) => void>>
> = {
  token: addToken,
  uri: (rows, at, { value }) => addCode(rows, at, '', value),
  reference: addReference,
  date: addDate,
  string: addString,
  number: addQuantity,
  quantity: addQuantity,
};

/** Adds what one parameter finds in a resource: `found` at its expressions, or the places that it begins at. */
export function addRows(rows: IndexRows, { type, places, paths, components, numbers }: SearchParameter, found: readonly Found[]): void {
  if (type === 'composite') return addComposite(rows, components, found);
  const write = WRITERS[type];
  const at = { parameter: numbers.own, part: 0 };
  if (places === undefined) for (const one of found) write?.(rows, at, one, numbers);
  else {
    const values = found.map((place) => all(paths, place));
    if (values.every(({ length }) => length === 0)) return;
    for (const [part, own] of values.entries()) for (const one of own) write?.(rows, { ...at, part }, one, numbers);
  }
  // A code of words alone, a reference by name: there, though nothing of it can be looked for (`:missing` tells).
  if (!rowsOf(rows, at.parameter)) rows.tokens.push({ ...at, system: '', value: '' });
}

function rowsOf(rows: IndexRows, parameter: number): boolean {
  return Object.values(rows).some(
    (kind: readonly Row[]) => kind.at(-1)?.parameter === parameter || kind.some((row) => row.parameter === parameter),
  );
}

const all = (paths: readonly ElementPath[], from: Found): readonly Found[] =>
  paths.length === 1 ? paths[0](from) : paths.flatMap((path) => path(from));

/** A composite's components must lie at one place (R4 search.html#combining): the place's number joins them. */
function addComposite(rows: IndexRows, components: readonly Component[], places: readonly Found[]): void {
  places.forEach((place, i) => {
    for (const { parameter, numbers, paths, isShared } of components)
      if (isShared !== true)
        for (const one of all(paths, place)) WRITERS[parameter.type]?.(rows, { parameter: numbers.own, part: i }, one, undefined);
  });
}

type Members = Readonly<Record<string, unknown>>;

/** R4 search.html#token. */
function addToken(rows: IndexRows, at: Row, { value, type, codes }: Found, numbers: ParameterNumbers | undefined): void {
  const given = value as Members;
  if (type === 'CodeableConcept') {
    for (const coding of listOf(given['coding'])) addCoding(rows, at, coding, numbers);
    addText(rows, at, numbers, given['text']);
  } else if (type === 'Coding') addCoding(rows, at, given, numbers);
  else if (type === 'Identifier') addIdentifier(rows, at, given, numbers);
  else if (type === 'ContactPoint') addCode(rows, at, '', given['value']);
  else if (type === 'Period' || type === 'Quantity' || type === 'Range') return;
  else addCode(rows, at, systemOf(codes, value), value);
}

function addCoding(rows: IndexRows, at: Row, { system, code, display }: Members, numbers: ParameterNumbers | undefined): void {
  addCode(rows, at, system, code);
  addText(rows, at, numbers, display);
}

function addIdentifier(rows: IndexRows, at: Row, { system, value, type }: Members, numbers: ParameterNumbers | undefined): void {
  addCode(rows, at, system, value);
  const { coding, text } = (type ?? {}) as Members;
  addText(rows, at, numbers, text);
  for (const { system: typeSystem, code } of listOf(coding))
    if (numbers && typeof code === 'string' && typeof value === 'string')
      addCode(rows, { ...at, parameter: numbers.ofType }, typeSystem, `${code}|${value}`);
}

/** A code, or a boolean, id, uri or text that is looked for as one. */
function addCode(rows: IndexRows, at: Row, system: unknown, value: unknown): void {
  if (value === undefined && system === undefined) return;
  if (typeof value === 'object') return;
  rows.tokens.push({
    ...at,
    system: keyText(typeof system === 'string' ? system : ''),
    value: keyText(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
  });
}

function addText(rows: IndexRows, at: Row, numbers: ParameterNumbers | undefined, text: unknown): void {
  if (numbers && typeof text === 'string')
    rows.strings.push({ part: at.part, parameter: numbers.text, value: plainText(text), exact: text });
}

/** The system of a `code`: R4 binds it to a value set, and says the system by that. */
function systemOf(codes: Found['codes'], value: unknown): string {
  for (const [system, own] of codes ?? []) if (own.has(String(value))) return system;
  return '';
}

const LOCAL = /^(?:(?<base>https?:\/\/.+)\/)?(?<type>[A-Z][A-Za-z]+)\/(?<id>[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** R4 search.html#reference. What is contained is no resource by itself and is not found. */
function addReference(rows: IndexRows, at: Row, { value, type }: Found, numbers: ParameterNumbers | undefined): void {
  if (typeof value === 'string') return addCanonical(rows, at, value);
  const { reference, identifier, resourceType, id } = value as Members;
  if (typeof resourceType === 'string' && typeof id === 'string' && type === resourceType)
    rows.references.push({ ...at, targetType: resourceType, targetId: id });
  if (numbers && typeof identifier === 'object' && identifier !== null)
    addIdentifier(rows, { ...at, parameter: numbers.identifier }, identifier as Members, numbers);
  if (typeof reference !== 'string' || reference.startsWith('#')) return;
  const { base, type: targetType, id: targetId } = LOCAL.exec(reference)?.groups ?? {};
  if (targetType !== undefined && base === undefined) rows.references.push({ ...at, targetType, targetId });
  else rows.references.push({ ...at, targetType: '', targetId: keyText(reference.replace(/\/_history\/[^/]+$/, '')) });
}

/** With and without its version: `url|1.0` is found by both. One that is written as `Type/id` is of this server. */
function addCanonical(rows: IndexRows, at: Row, canonical: string): void {
  const [url, version] = canonical.split('|');
  const { base, type, id } = LOCAL.exec(url)?.groups ?? {};
  if (type !== undefined && base === undefined) rows.references.push({ ...at, targetType: type, targetId: id });
  else rows.references.push({ ...at, targetType: '', targetId: keyText(url) });
  if (version !== undefined) rows.references.push({ ...at, targetType: '', targetId: keyText(canonical) });
}

/** R4 search.html#date. */
function addDate(rows: IndexRows, at: Row, { value, type }: Found): void {
  if (typeof value === 'string') {
    const span = spanOf(value);
    if (span !== undefined) rows.dates.push({ ...at, ...span });
    return;
  }
  const given = (value ?? {}) as Members;
  if (type === 'Period') return addPeriod(rows, at, given);
  if (type !== 'Timing') return;
  const { boundsPeriod } = (given['repeat'] ?? {}) as Members;
  if (boundsPeriod !== undefined) addPeriod(rows, at, boundsPeriod as Members);
  // "The outer limits of the scheduled times" (R4 search.html#date).
  const events = listOfTexts(given['event']).flatMap((event) => spanOf(event) ?? []);
  if (events.length > 0)
    rows.dates.push({
      ...at,
      low: events.reduce((least, { low }) => Math.min(least, low), Infinity),
      high: events.reduce((most, { high }) => Math.max(most, high), -Infinity),
    });
}

/** Without an end, or a start, it goes on for ever. */
function addPeriod(rows: IndexRows, at: Row, { start, end }: Members): void {
  const [from, to] = [start, end].map((text) => (typeof text === 'string' ? spanOf(text) : undefined));
  if (from !== undefined || to !== undefined) rows.dates.push({ ...at, low: from?.low ?? -Infinity, high: to?.high ?? Infinity });
}

const HUMAN_NAME = ['text', 'family', 'given', 'prefix', 'suffix'];
const ADDRESS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'];

/** R4 search.html#string: of a name or an address, each of its parts. */
function addString(rows: IndexRows, at: Row, { value, type }: Found): void {
  const parts = type === 'HumanName' ? HUMAN_NAME : type === 'Address' ? ADDRESS : type === 'CodeableConcept' ? ['text'] : undefined;
  const texts = parts === undefined ? [value] : parts.flatMap((part) => [(value as Members)[part]].flat());
  for (const text of texts) if (typeof text === 'string') rows.strings.push({ ...at, value: plainText(text), exact: text });
}

const UNBOUNDED = { low: '-Infinity', high: 'Infinity' };

/** R4 search.html#quantity and #number. A quantity with a comparator is all that it may be. */
function addQuantity(rows: IndexRows, at: Row, { value, type }: Found): void {
  if (typeof value === 'number')
    return void rows.quantities.push({ ...at, low: String(value), high: String(value), system: '', code: '', unit: '' });
  const given = (value ?? {}) as Members;
  if (type === 'Range') {
    const [low, high] = [given['low'], given['high']].map((end) => (end ?? {}) as Members);
    if (typeof low['value'] !== 'number' && typeof high['value'] !== 'number') return;
    const ends = { low: numberText(low['value'], '-Infinity'), high: numberText(high['value'], 'Infinity') };
    return void rows.quantities.push({ ...at, ...ends, ...unitOf({ ...high, ...low }) });
  }
  if (type === 'Money') return pushExact(rows, at, given['value'], { system: 'urn:iso:std:iso:4217', code: given['currency'], unit: '' });
  if (typeof given['value'] !== 'number') return;
  const exact = String(given['value']);
  const bounds = {
    '<': { low: '-Infinity', high: exact },
    '<=': { low: '-Infinity', high: exact },
    '>': { low: exact, high: 'Infinity' },
    '>=': { low: exact, high: 'Infinity' },
  };
  const { comparator } = given;
  const span = typeof comparator === 'string' ? (bounds[comparator as keyof typeof bounds] ?? UNBOUNDED) : { low: exact, high: exact };
  rows.quantities.push({ ...at, ...span, ...unitOf(given) });
}

function pushExact(rows: IndexRows, at: Row, value: unknown, unit: Members): void {
  if (typeof value === 'number') rows.quantities.push({ ...at, ...unitOf(unit), low: String(value), high: String(value) });
}

const numberText = (value: unknown, open: string): string => (typeof value === 'number' ? String(value) : open);

function unitOf({ system, code, unit }: Members): Pick<QuantityRow, 'system' | 'code' | 'unit'> {
  const text = (value: unknown): string => (typeof value === 'string' ? keyText(value) : '');
  return { system: text(system), code: text(code), unit: text(unit) };
}

const listOf = (given: unknown): readonly Members[] =>
  Array.isArray(given) ? (given as unknown[]).filter((one): one is Members => typeof one === 'object' && one !== null) : [];

const listOfTexts = (given: unknown): readonly string[] =>
  Array.isArray(given) ? (given as unknown[]).filter((one) => typeof one === 'string') : [];
