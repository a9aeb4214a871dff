import { isServed, SERVED_TYPES } from '../served-types.js';
import type { Condition } from './condition.js';
import { BadSearchParameter, SearchTooLarge } from './faults.js';
import { parseCondition, type ParseContext } from './parse-condition.js';
import { subsetAsked, type Subset } from '../subset.js';
import { referenceTests } from './parse-value.js';
import type { Cursor, Include, Search, SortKey } from './search.js';
import { compartmentParameters, searchParameters, type SearchParameter } from './search-parameters.js';

const DEFAULT_COUNT = 20;
const MAXIMUM_COUNT = 1_000;
const MOST_PARAMETERS = 100;
const MOST_SORT_KEYS = 5;
/** Words about the answer's form: those who write it look at them. */
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set(['_format', '_pretty', '_summary', '_elements']);

export interface SearchRequest {
  /** Undefined: the whole server, by `_type`. */
  readonly type: string | undefined;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly compartment?: { readonly type: string; readonly id: string };
  /** Whether unknown parameters are left out instead of refused. */
  readonly lenient: boolean;
}

/** A search, with what its Bundle says of it: the parameters that were used, and those that were not. */
export interface ParsedSearch {
  readonly search: Search;
  readonly used: readonly (readonly [name: string, value: string])[];
  readonly ignored: readonly string[];
  /** The part of each resource that is asked for; undefined: the whole. */
  readonly subset: Subset | undefined;
}

/**
 * A FHIR search (R4 search.html). Unknown parameters are refused, as a filter that is silently left out gives the wrong
 * patients; `lenient` leaves them out and names them. Throws BadSearchParameter, SearchTooLarge.
 */
export function parseSearch({ type, parameters, compartment, lenient }: SearchRequest, context: ParseContext): ParsedSearch {
  if (parameters.length > MOST_PARAMETERS) throw new SearchTooLarge(`more than ${MOST_PARAMETERS} parameters`);
  const types = type === undefined ? typesAsked(parameters) : [type];
  const reading = new Reading(types, context);
  if (compartment !== undefined) reading.conditions.push(within(types, compartment, context.base));
  for (const [name, value] of parameters) {
    if (type === undefined && name === '_type') reading.used.push([name, value]);
    else if (!ABOUT_THE_ANSWER.has(name)) reading.take(name, value, lenient);
    else reading.used.push([name, value]);
  }
  const { conditions, sort, count, cursor, total, includes, used, ignored } = reading;
  const subset = subsetAsked(parameters);
  const isCount = parameters.some(([name, value]) => name === '_summary' && value === 'count');
  return { search: { types, conditions, sort, count: isCount ? 0 : count, cursor, total, includes }, used, ignored, subset };
}

function typesAsked(parameters: SearchRequest['parameters']): readonly string[] {
  const asked = parameters.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  const unknown = asked.find((one) => !isServed(one));
  if (unknown !== undefined) throw new BadSearchParameter('_type', 'names a type that is not one of this server');
  return asked.length === 0 ? SERVED_TYPES : [...new Set(asked)];
}

class Reading {
  readonly conditions: Condition[] = [];
  sort: readonly SortKey[] = [];
  count = DEFAULT_COUNT;
  cursor: Cursor | undefined;
  total: Search['total'];
  readonly includes: Include[] = [];
  readonly used: (readonly [string, string])[] = [];
  readonly ignored: string[] = [];

  constructor(
    private readonly types: readonly string[],
    private readonly context: ParseContext,
  ) {}

  take(name: string, value: string, lenient: boolean): void {
    if (value === '' && name !== '_cursor') throw new BadSearchParameter(name, 'has an empty value');
    if (name === '_cursor') this.cursor = cursorFrom(value);
    else if (this.known(name, value)) this.used.push([name, value]);
    else if (lenient) this.ignored.push(name);
    else
      throw new BadSearchParameter(
        name,
        this.types.length === 1 ? `is not one of ${this.types[0]}'s here` : 'is not one of all these types',
      );
  }

  private known(name: string, value: string): boolean {
    const [include, modifier] = name.split(':');
    switch (include) {
      case '_count':
        this.count = countOf(value);
        return true;
      case '_sort':
        this.sort = sortOf(this.types, value);
        return true;
      case '_contained':
        // What is contained is found by nothing here: to leave that unsaid would be to hide it.
        if (value !== 'false') throw new BadSearchParameter(name, 'must be false: contained resources are not searched');
        return true;
      case '_total':
        if (value !== 'none' && value !== 'estimate' && value !== 'accurate')
          throw new BadSearchParameter(name, 'must be none, estimate or accurate');
        this.total = value;
        return true;
      case '_include':
      case '_revinclude':
        if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse')
          throw new BadSearchParameter(name, 'does not have this modifier');
        this.includes.push(includeOf(name, value, include === '_revinclude', modifier !== undefined));
        return true;
      default:
        return this.filter(name, value);
    }
  }

  /** Of several types each must have the parameter. */
  private filter(name: string, value: string): boolean {
    const read = this.types.map((type) => ({ type, condition: parseCondition(type, name, value, this.context) }));
    const conditions = read.flatMap(({ condition }) => condition ?? []);
    if (conditions.length < read.length) return false;
    // Each type's numbers are its own: the resource must hold that of any.
    const isSame = name === '_id' || name === '_lastUpdated'; // columns, of whatever type
    this.conditions.push(conditions.length === 1 || isSame ? conditions[0] : { kind: 'any', any: conditions.map((one) => [one]) });
    return true;
  }
}

/**
 * R4 compartmentdefinition.html: what refers to the compartment's resource by any of the parameters that put its type there. One
 * condition of them all, so that the index leads there. Where its own type is asked for, the resource too.
 */
function within(types: readonly string[], { type, id }: { type: string; id: string }, base: string): Condition {
  const parameters = types.flatMap((one) =>
    compartmentParameters(type, one).flatMap((name) => searchParameters(one).get(name)?.numbers.own ?? []),
  );
  const refers: Condition = { kind: 'reference', parameters, any: referenceTests(type, `${type}/${id}`, [], base), not: false };
  const itself: Condition = { kind: 'ids', ids: [id], not: false };
  if (types.length === 1 && types[0] === type) return { kind: 'any', any: parameters.length === 0 ? [[itself]] : [[itself], [refers]] };
  if (types.includes(type)) return { kind: 'compartment', parameters, of: { type, id } };
  return parameters.length === 0 ? { kind: 'any', any: [] } : refers;
}

function countOf(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new BadSearchParameter('_count', 'must be a whole number');
  return Math.min(Number(value), MAXIMUM_COUNT);
}

/** `-date,_id`: the first counts most (R4 search.html#sort). */
function sortOf(types: readonly string[], value: string): SortKey[] {
  const keys = value.split(',');
  if (keys.length > MOST_SORT_KEYS) throw new SearchTooLarge(`more than ${MOST_SORT_KEYS} keys to sort by`);
  return keys.map((key) => {
    const descending = key.startsWith('-');
    const name = descending ? key.slice(1) : key;
    if (name === '_id' || name === '_lastUpdated') return { by: name === '_id' ? 'id' : 'updated', descending };
    const parameter = types.length === 1 ? searchParameters(types[0]).get(name) : undefined;
    if (parameter === undefined || parameter.type === 'composite')
      throw new BadSearchParameter('_sort', 'names nothing that can be sorted by');
    return { by: { type: parameter.type, parameters: parameter.searched.map(({ numbers }) => numbers.own) }, descending };
  });
}

/** `Source:parameter[:Target]`, `Source:*`, `*` (R4 search.html#include). */
function includeOf(name: string, value: string, reverse: boolean, iterate: boolean): Include {
  const [source, by, target, ...rest] = value.split(':');
  if (value === '*') return { reverse, iterate, parameters: SERVED_TYPES.flatMap(references), target: undefined };
  if (!isServed(source) || rest.length > 0 || (target !== undefined && !isServed(target)))
    throw new BadSearchParameter(name, 'must be TYPE:PARAMETER or TYPE:PARAMETER:TARGET');
  if (by === '*') return { reverse, iterate, parameters: references(source), target };
  const parameter = searchParameters(source).get(by ?? '');
  if (parameter?.type !== 'reference') throw new BadSearchParameter(name, 'names no reference of that type');
  return { reverse, iterate, parameters: [parameter.numbers.own], target };
}

const references = (type: string): number[] =>
  [...searchParameters(type).values()].filter((one: SearchParameter) => one.type === 'reference').map(({ numbers }) => numbers.own);

/** Where a page ended, as the next link carries it. */
export const cursorText = ({ values, no }: Cursor): string => Buffer.from(JSON.stringify([...values, no])).toString('base64url');

function cursorFrom(text: string): Cursor {
  try {
    const given = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    if (Array.isArray(given) && given.length <= MOST_SORT_KEYS + 2) {
      const values = given.slice(0, -1) as unknown[];
      const no: unknown = given.at(-1);
      if (Number.isSafeInteger(no) && values.every((one) => one === null || (typeof one === 'string' && !one.includes('\0'))))
        return { values: values as (string | null)[], no: no as number };
    }
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new BadSearchParameter('_cursor', 'is not one this server gave');
}
