import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import type { Rule } from '../definitions/definitions.js';
import { RESOURCE_INVARIANTS } from './resource-invariants.js';
import type { Check, RuleContext } from './rule-context.js';
import { isObject, objectsOf, type JsonObject } from './json-object.js';

/** Invariants that stand at elements of every resource, as plain functions: FHIRPath would cost more than all else. */
export const PLAIN: Readonly<Record<string, Check>> = {
  'dom-2': ({ contained }) => !objectsOf(contained).some((one) => 'contained' in one),
  'dom-3': ({ contained, ...rest }) => objectsOf(contained).every((one) => isReferred(one, rest, objectsOf(contained))),
  'dom-4': ({ contained }) => !objectsOf(contained).some(({ meta }) => isObject(meta) && ('versionId' in meta || 'lastUpdated' in meta)),
  'dom-5': ({ contained }) => !objectsOf(contained).some(({ meta }) => isObject(meta) && 'security' in meta),
  'ref-1': ({ reference }, { resource, rootResource }) =>
    typeof reference !== 'string' ||
    !reference.startsWith('#') ||
    reference === '#' ||
    [resource, rootResource].some(({ contained }) => objectsOf(contained).some(({ id }) => idOf(id) === reference.slice(1))),
  'per-1': ({ start, end }) => typeof start !== 'string' || typeof end !== 'string' || isNotAfter(start, end),
  'qty-3': ({ code, system }) => code === undefined || system !== undefined,
  'att-1': ({ data, contentType }) => data === undefined || contentType !== undefined,
  ...RESOURCE_INVARIANTS,
};

type Evaluate = (element: JsonObject, environment: object) => unknown[];
const compiled = new Map<string, Evaluate>();

/** Whether an invariant holds for an element. Of what its expression says nothing, it does. */
export function holds(rule: Rule, element: JsonObject, context: RuleContext): boolean {
  return Object.hasOwn(PLAIN, rule.key) ? PLAIN[rule.key](element, context) : (byFhirPath(rule, element, context) ?? true);
}

/** What the expression itself says; undefined where it says nothing, or asks for what the engine can't do. */
export function byFhirPath(
  { key, expression }: Rule,
  element: JsonObject,
  { base, resource, rootResource }: RuleContext,
): boolean | undefined {
  const name = `${base} ${key}`;
  try {
    let evaluate = compiled.get(name);
    if (evaluate === undefined)
      compiled.set(name, (evaluate = fhirpath.compile({ base, expression }, r4, { traceFn: () => undefined }) as Evaluate));
    const [result] = evaluate(element, { resource, rootResource, context: element });
    return typeof result === 'boolean' ? result : undefined;
  } catch {
    return undefined; // `as` of several values, a function that only a server of terminology has
  }
}

/** Some write the # of the reference before the id too; HL7's own validator lets them. */
const idOf = (id: unknown): string => String(id).replace(/^#/, '');

/** dom-3: something outside refers to a contained resource by its id, or it refers to what contains it. Of #id nobody can tell: ##id is no reference. */
function isReferred(contained: JsonObject, outside: JsonObject, all: readonly JsonObject[]): boolean {
  if (String(contained['id']).startsWith('#')) return true;
  const wanted = `#${String(contained['id'])}`;
  const others = all.filter((one) => one !== contained);
  return mentions(outside, wanted) || others.some((one) => mentions(one, wanted)) || mentions(contained, '#');
}

function mentions(value: unknown, reference: string): boolean {
  if (typeof value === 'string') return value === reference;
  if (Array.isArray(value)) return value.some((one) => mentions(one, reference));
  return isObject(value) && Object.values(value).some((one) => mentions(one, reference));
}

/** Dates of unlike precision are compared as far as both go; what is the same so far is in no order, which HL7's validator refuses too. */
function isNotAfter(start: string, end: string): boolean {
  if (start.includes('T') && end.includes('T')) return Date.parse(start) <= Date.parse(end);
  if (start.length === end.length) return start <= end;
  const length = Math.min(start.split('T')[0].length, end.split('T')[0].length);
  return start.slice(0, length) < end.slice(0, length);
}
