import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { isBounded } from '../bounded-path.js';
import { isObject, type JsonObject } from '../validation/json-object.js';
import { BadGraphArgument } from './faults.js';
import type { Spending } from './spending.js';

/** Each takes no more time than its input has elements and characters. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  'all as contains count empty endsWith exists extension first hasValue is last length lower not ofType single startsWith upper where'.split(
    ' ',
  ),
);
const MOST_COMPILED = 200;

type Evaluate = (element: JsonObject) => unknown[];
const compiled = new Map<string, Evaluate>();

/** What a FHIRPath is asked of: elements of a type, or of a place in a resource that has no type of its own (`Patient.contact`). */
function compile(base: string, argument: string, expression: string): Evaluate {
  if (!isBounded(expression, FUNCTIONS)) throw new BadGraphArgument(argument, 'has a FHIRPath that is not evaluated here');
  const key = `${base} ${expression}`;
  let evaluate = compiled.get(key);
  if (evaluate !== undefined) return evaluate;
  try {
    evaluate = fhirpath.compile({ base, expression }, r4, { traceFn: () => undefined }) as Evaluate;
  } catch {
    throw new BadGraphArgument(argument, 'is no FHIRPath');
  }
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(key, evaluate);
  return evaluate;
}

/** What a FHIRPath gives of one element. @throws BadGraphArgument, GraphTooLarge */
function evaluated(evaluate: Evaluate, argument: string, element: JsonObject, spending: Spending): unknown[] {
  spending.add('evaluations', 1);
  try {
    return evaluate(plain(element));
  } catch {
    throw new BadGraphArgument(argument, 'has a FHIRPath that has no value here');
  }
}

/** The element without what exactJson put into it. */
const plain = (element: JsonObject): JsonObject => JSON.parse(JSON.stringify(element)) as JsonObject;

export interface ListArguments {
  readonly fhirpath?: string | null;
  readonly _offset?: number | null;
  readonly _count?: number | null;
  /** The others are members of the elements, with the value that they must have. */
  readonly [member: string]: unknown;
}

const NOT_MEMBERS: ReadonlySet<string> = new Set(['fhirpath', '_offset', '_count']);

/**
 * Of a list those that are asked for (R4 graphql.html, "List navigation": arguments filter by members and by FHIRPath, then
 * _offset and _count choose among them). @throws BadGraphArgument, GraphTooLarge
 */
export function filterElements(list: readonly unknown[], asked: ListArguments, base: string, spending: Spending): readonly unknown[] {
  const members = Object.entries(asked).filter(([name, value]) => !NOT_MEMBERS.has(name) && value !== null && value !== undefined);
  const { fhirpath: path, _offset: offset, _count: count } = asked;
  let kept =
    members.length === 0 ? list : list.filter((one) => isObject(one) && members.every(([name, value]) => hasValue(one[name], value)));
  if (path !== undefined && path !== null) {
    const evaluate = compile(base, 'fhirpath', path);
    kept = kept.filter((one) => isObject(one) && isTrue(evaluated(evaluate, 'fhirpath', one, spending)));
  }
  return kept.slice(
    placeOf('_offset', offset) ?? 0,
    count === undefined || count === null ? undefined : (placeOf('_offset', offset) ?? 0) + (placeOf('_count', count) ?? 0),
  );
}

function placeOf(name: string, value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (value < 0) throw new BadGraphArgument(name, 'must not be below 0');
  return value;
}

const hasValue = (given: unknown, wanted: unknown): boolean =>
  Array.isArray(given) ? given.some((one) => hasValue(one, wanted)) : given !== undefined && String(written(given)) === wanted;

/** A number as it was written (exactJson). */
const written = (value: unknown): unknown => (isObject(value) ? value['rawJSON'] : value);

const isTrue = (result: readonly unknown[]): boolean => result.length === 1 && result[0] === true;

/** What a slice's path says of each element of a list: what its names end with (R4 graphql.html, @slice). */
export function sliceNames(list: readonly unknown[], path: string, base: string, spending: Spending): readonly string[] {
  if (path === '$index') return list.map((_one, i) => String(i));
  const evaluate = compile(base, 'path', path);
  return list.map((one) => (isObject(one) ? evaluated(evaluate, 'path', one, spending).map(String).join(',') : ''));
}
