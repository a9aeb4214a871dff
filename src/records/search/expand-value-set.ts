import type { ValueSet, ValueSetCompose, ValueSetExpansionContains } from 'fhir/r4.js';
import { valueSetCodes } from '../definitions/definitions.js';
import type { TokenTest } from './condition.js';

/** Codes of a value set; a code undefined: all of its system. */
export type Codes = readonly TokenTest[];

/** More can't be asked for in one search. */
const MOST_CODES = 10_000;
/** Value sets within value sets; a ring of them is none. */
const DEEPEST = 5;

/**
 * The codes of a stored value set (R4 valueset.html#compose, #expansion), as far as it lists them: its expansion where it is whole,
 * else what it includes less what it excludes. Undefined where it asks for more than it lists: filters, excluded codes of a whole
 * system, value sets that are not there, more codes than a search holds.
 * @param find  a value set that it includes, by its canonical
 */
export async function expandValueSet(
  { expansion, compose }: ValueSet,
  find: (canonical: string) => Promise<ValueSet | undefined>,
  depth = 0,
): Promise<Codes | undefined> {
  if (depth > DEEPEST) return undefined;
  const listed = expansion?.contains === undefined ? [] : contained(expansion.contains);
  const isWhole = expansion !== undefined && (expansion.offset ?? 0) === 0 && (expansion.total ?? listed.length) <= listed.length;
  if (isWhole) return bounded(listed);
  const includes = await Promise.all((compose?.include ?? []).map((one) => included(one, find, depth)));
  const excludes = await Promise.all((compose?.exclude ?? []).map((one) => included(one, find, depth)));
  if (includes.length === 0 || [...includes, ...excludes].includes(undefined)) return undefined;
  const [codes, without] = [includes.flatMap((one) => one ?? []), excludes.flatMap((one) => one ?? [])];
  if (without.some(({ system }) => codes.some((one) => one.value === undefined && one.system === system))) return undefined;
  return bounded(codes.filter((one) => !without.some((other) => covers(other, one))));
}

const bounded = (codes: Codes): Codes | undefined => (codes.length > MOST_CODES ? undefined : codes);

const covers = (one: TokenTest, other: TokenTest): boolean =>
  one.system === other.system && (one.value === undefined || one.value === other.value);

const contained = (contains: readonly ValueSetExpansionContains[]): TokenTest[] =>
  contains.flatMap(({ system, code, abstract, contains: below = [] }) => [
    ...(code === undefined || abstract === true ? [] : [{ system, value: code }]),
    ...contained(below),
  ]);

async function included(
  { system, concept, filter, valueSet = [] }: ValueSetCompose['include'][number],
  find: (canonical: string) => Promise<ValueSet | undefined>,
  depth: number,
): Promise<Codes | undefined> {
  if (filter !== undefined) return undefined;
  const own: Codes[] =
    system === undefined ? [] : [concept?.map(({ code }): TokenTest => ({ system, value: code })) ?? [{ system, value: undefined }]];
  const others = await Promise.all(valueSet.map((canonical) => codesOf(canonical, find, depth + 1)));
  if (others.includes(undefined)) return undefined;
  const [first, ...rest] = [...own, ...others.map((one) => one ?? [])];
  // What several name is what all of them have (R4 valueset.html#compositions).
  return first === undefined ? undefined : rest.reduce(intersection, first);
}

const intersection = (some: Codes, others: Codes): Codes => [
  ...some.filter((one) => others.some((other) => covers(other, one))),
  ...others.filter((one) => some.some((other) => covers(other, one) && other.value === undefined && one.value !== undefined)),
];

/** The codes of a value set that R4 itself binds codes to, by its canonical; undefined where it is none. */
export function codesOfR4(canonical: string): Codes | undefined {
  const known = valueSetCodes(canonical.split('|')[0]);
  return known && [...known].flatMap(([system, own]) => [...own].map((value) => ({ system, value })));
}

/** By the canonical of one that R4 itself binds codes to, or that is found. */
export async function codesOf(
  canonical: string,
  find: (canonical: string) => Promise<ValueSet | undefined>,
  depth = 0,
): Promise<Codes | undefined> {
  const known = codesOfR4(canonical);
  if (known !== undefined) return known;
  const stored = await find(canonical);
  return stored && expandValueSet(stored, find, depth);
}
