import {
  resourceDefinition,
  typeDefinition,
  type ElementDefinition,
  type ElementMembers,
  type Rule,
  type TypeReference,
} from '../definitions/definitions.js';
import { holds } from './invariants.js';
import type { Issue } from './issue.js';
import { isPrimitive, primitiveFault } from './primitives.js';
import { namesNoType, referredType, type Neighbours } from './references.js';
import { xhtmlFault } from './xhtml.js';
import { isObject, objectsOf, type JsonObject } from './json-object.js';

/** Deeper is no clinical content but an attack on the stack. */
const MOST_DEPTH = 64;
/** More are not collected: who sends so many mends the first. */
const MOST_ISSUES = 200;

/** What is known where an element stands. */
interface Place {
  /** FHIRPath with indices, as an outcome names it. */
  readonly path: string;
  /**
   * The type that the element is of, or the nearest type around it and the path below that: what invariants are written for. Not the
   * path from the resource: expressions are kept compiled by it, and of those paths a sender can make any number.
   */
  readonly base: string;
  readonly resource: JsonObject;
  readonly rootResource: JsonObject;
  readonly neighbours: Neighbours;
  readonly depth: number;
}

/**
 * All that R4 itself finds wrong with a resource: structure, cardinality, primitive values, required bindings, targets of
 * references, narrative, invariants. Empty: it is valid.
 */
export function validateResource(given: unknown): Issue[] {
  const issues: Issue[] = [];
  if (!isObject(given)) return [{ severity: 'error', code: 'structure', expression: '', words: 'A resource must be a JSON object.' }];
  resourceAt(given, '', undefined, issues);
  return issues.slice(0, MOST_ISSUES);
}

function resourceAt(given: JsonObject, path: string, outer: Place | undefined, issues: Issue[]): void {
  const { resourceType: name } = given;
  const type = typeof name === 'string' ? resourceDefinition(name) : undefined;
  if (type === undefined)
    return add(issues, 'structure', path === '' ? 'resourceType' : `${path}.resourceType`, 'must name a resource type of R4');
  const isContained = outer !== undefined && /\.contained\[\d+\]$/.test(path);
  const place: Place = {
    path: path === '' ? type.name : path,
    base: type.name,
    resource: given,
    rootResource: isContained ? outer.rootResource : given,
    neighbours: {
      contained: objectsOf((isContained ? outer.rootResource : given)['contained']),
      byFullUrl: type.name === 'Bundle' ? byFullUrl(given) : (outer?.neighbours.byFullUrl ?? new Map()),
    },
    depth: (outer?.depth ?? 0) + 1,
  };
  objectAt(given, type.members, type.rules, place, issues);
  duplicateIds(given, place, issues);
  if (type.name === 'Bundle') {
    fullUrls(given, place, issues);
    links(given, place, issues);
  }
}

/** An object's members against their definitions, then its invariants. */
function objectAt(given: JsonObject, members: ElementMembers, rules: readonly Rule[], place: Place, issues: Issue[]): void {
  if (issues.length > MOST_ISSUES) return;
  if (place.depth > MOST_DEPTH) return add(issues, 'structure', place.path, `must not be deeper than ${MOST_DEPTH} elements`);
  const before = issues.length;
  const names = Object.keys(given);
  if (names.length === 0) return add(issues, 'structure', place.path, 'must not be empty (ele-1)');
  // The names that each element has here: one, unless it is given as several types.
  const here = new Map<ElementDefinition, string>();
  for (const name of names) {
    if (name === 'resourceType' && given === place.resource) continue;
    const isExtra = name.startsWith('_');
    const own = isExtra ? name.slice(1) : name;
    const member = members.byName.get(own);
    const isKnown = member !== undefined && (!isExtra || isPrimitive(member.type?.code ?? ''));
    if (!isKnown) add(issues, 'structure', `${place.path}.${name}`, 'is no element of this type');
    else if (given[name] !== undefined) {
      const other = here.get(member.element);
      if (other !== undefined && other !== own)
        add(issues, 'structure', `${place.path}.${own}`, `must not stand beside ${other}: one type alone`);
      here.set(member.element, own);
    }
  }
  for (const element of members.elements) elementAt(given, element, here.get(element), members, place, issues);
  if (issues.length > before) return; // an invariant says nothing of an element that is not whole
  for (const rule of rules) if (!holds(rule, given, place)) add(issues, 'invariant', place.path, `must meet ${rule.key}: ${rule.human}`);
}

/** One element of an object: that it is there often enough, as a list or not, and what each of its values is. */
function elementAt(
  given: JsonObject,
  element: ElementDefinition,
  name: string | undefined,
  members: ElementMembers,
  place: Place,
  issues: Issue[],
): void {
  if (name === undefined) {
    if (element.min > 0) add(issues, 'required', `${place.path}.${element.name}`, `is missing: ${element.min} at least`);
    return;
  }
  const { type } = members.byName.get(name) ?? {};
  const path = `${place.path}.${element.pathName}`;
  const base = `${place.base}.${element.pathName}`;
  const [values, extras] = [given[name], given[`_${name}`]];
  if (element.max === 1) {
    if (Array.isArray(values) || Array.isArray(extras)) return add(issues, 'structure', path, 'must be one value, not a list');
    return valueAt(values, extras, element, type, { ...place, path, base }, issues);
  }
  if ((values !== undefined && !Array.isArray(values)) || (extras !== undefined && !Array.isArray(extras)))
    return add(issues, 'structure', path, 'must be a list');
  const [list, others] = [(values ?? []) as unknown[], (extras ?? []) as unknown[]];
  if (values !== undefined && list.length === 0) return add(issues, 'structure', path, 'must not be an empty list');
  if (others.length > 0 && list.length > 0 && others.length !== list.length)
    return add(issues, 'structure', path, `must have as many values as _${name} has`);
  const count = Math.max(list.length, others.length);
  if (count < element.min) add(issues, 'required', path, `must be there ${element.min} times at least`);
  if (count > element.max) add(issues, 'structure', path, `must be there ${element.max} times at most`);
  for (let i = 0; i < count; i++) {
    const own = { ...place, path: `${path}[${i}]`, base };
    valueAt(list[i] ?? undefined, others[i] ?? undefined, element, type, own, issues);
  }
}

/** One value: a primitive with what extends it, a resource, or an element with members. */
function valueAt(
  value: unknown,
  extra: unknown,
  element: ElementDefinition,
  type: TypeReference | undefined,
  place: Place,
  issues: Issue[],
): void {
  const code = type?.code ?? '';
  if (isPrimitive(code)) return primitiveAt(value, extra, element, code, place, issues);
  if (!isObject(value)) return add(issues, 'structure', place.path, 'must be an object');
  const inner = { ...place, depth: place.depth + 1 };
  if (code === 'Resource' || resourceDefinition(code) !== undefined) return resourceAt(value, place.path, inner, issues);
  const definition = typeDefinition(code);
  const members = element.members ?? definition?.members;
  if (members === undefined) return add(issues, 'not-supported', place.path, 'has a type that R4 does not know');
  const before = issues.length;
  if (element.members === undefined) objectAt(value, members, definition?.rules ?? [], { ...inner, base: code }, issues);
  else objectAt(value, members, [], inner, issues);
  if (issues.length > before) return;
  for (const rule of element.rules)
    if (!holds(rule, value, place)) add(issues, 'invariant', place.path, `must meet ${rule.key}: ${rule.human}`);
  bindingAt(value, element, code, place, issues);
  if (code === 'Reference') targetAt(value, type, place, issues);
  if (code === 'Extension') extensionAt(value, place, issues);
}

function primitiveAt(value: unknown, extra: unknown, element: ElementDefinition, code: string, place: Place, issues: Issue[]): void {
  if (value === null || extra === null || (value === undefined && extra === undefined))
    return add(issues, 'structure', place.path, 'must not be null');
  if (extra !== undefined) {
    const members = typeDefinition('Element')?.members;
    if (!isObject(extra) || members === undefined) return add(issues, 'structure', place.path, 'must be extended by an object');
    objectAt(extra, members, [], { ...place, base: 'Element', depth: place.depth + 1 }, issues);
  }
  if (value === undefined) return;
  const fault = primitiveFault(code, isContainedId(code, place) ? withoutHash(value) : value);
  if (fault !== undefined) return add(issues, 'value', place.path, fault);
  if (code === 'xhtml') {
    const wrong = xhtmlFault(value as string); // its JSON type was just looked at
    if (wrong !== undefined) add(issues, wrong.key === 'xhtml' ? 'structure' : 'invariant', place.path, `${wrong.words} (${wrong.key})`);
    return;
  }
  if (element.fixed !== undefined && value !== element.fixed) add(issues, 'value', place.path, 'must have the value that R4 fixes');
  if (element.codes !== undefined && code === 'code' && ![...element.codes.values()].some((codes) => codes.has(value as string)))
    add(issues, 'code-invalid', place.path, 'must be a code of the value set that R4 binds it to');
}

const withoutHash = (value: unknown): unknown => (typeof value === 'string' ? value.replace(/^#/, '') : value);

/** A contained resource's id, before which some write the # of references to it. */
const isContainedId = (code: string, { path, resource, rootResource }: Place): boolean =>
  code === 'id' && resource !== rootResource && /\.contained\[\d+\]\.id$/.test(path);

/** Required bindings of what holds a code beside its system (R4 terminologies.html#required). */
function bindingAt(value: JsonObject, { codes }: ElementDefinition, type: string, place: Place, issues: Issue[]): void {
  if (codes === undefined) return;
  const isOneOf = ({ system, code }: JsonObject): boolean =>
    typeof system === 'string' && typeof code === 'string' && (codes.get(system)?.has(code) ?? false);
  const held = type === 'CodeableConcept' ? objectsOf(value['coding']) : [value];
  if (['Coding', 'CodeableConcept', 'Quantity'].includes(type) && held.length > 0 && !held.some(isOneOf))
    add(issues, 'code-invalid', place.path, 'must have a code of the value set that R4 binds it to');
}

function targetAt(reference: JsonObject, type: TypeReference | undefined, place: Place, issues: Issue[]): void {
  const targets = type?.targets ?? [];
  const strange = namesNoType(reference);
  if (strange) return add(issues, 'structure', `${place.path}.reference`, 'must refer to a resource of a type that R4 has');
  if (targets.length === 0 || targets.includes('Resource')) return;
  const referred = referredType(reference, place.neighbours);
  if (referred !== undefined && !targets.includes(referred))
    add(
      issues,
      'structure',
      `${place.path}.reference`,
      `must refer to ${targets.join(', ')}, not to ${typeDefinition(referred)?.name ?? 'another type'}`,
    );
}

/** ext-1: a value or extensions, not both; and a URL that says what it means. */
function extensionAt(extension: JsonObject, place: Place, issues: Issue[]): void {
  const hasValue = Object.keys(extension).some((name) => /^_?value/.test(name));
  if (hasValue === 'extension' in extension)
    add(issues, 'invariant', place.path, 'must meet ext-1: Must have either extensions or value[x], not both');
}

function duplicateIds({ contained }: JsonObject, place: Place, issues: Issue[]): void {
  const seen = new Set<unknown>();
  objectsOf(contained).forEach(({ id }, i) => {
    if (id !== undefined && seen.has(id))
      add(issues, 'duplicate', `${place.path}.contained[${i}].id`, 'must be another than those of the resources contained beside it');
    seen.add(id);
  });
}

/** R4 bundle.html: an entry's fullUrl is an absolute one. */
/** A Bundle is one answer at one address (R4 bundle.html#Bundle.link): a second `self` is told, and refuses nothing. */
function links({ link }: JsonObject, place: Place, issues: Issue[]): void {
  const own = objectsOf(link).flatMap(({ relation }, i) => (relation === 'self' ? [i] : []));
  for (const i of own.slice(1))
    issues.push({
      severity: 'warning',
      code: 'invalid',
      expression: `${place.path}.link[${i}]`,
      words: 'is a second self: a Bundle has one',
    });
}

function fullUrls({ entry }: JsonObject, place: Place, issues: Issue[]): void {
  objectsOf(entry).forEach(({ fullUrl }, i) => {
    if (typeof fullUrl === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(fullUrl))
      add(issues, 'value', `${place.path}.entry[${i}].fullUrl`, 'must be an absolute URL');
  });
}

function byFullUrl({ entry }: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(
    objectsOf(entry).flatMap(({ fullUrl, resource }) =>
      typeof fullUrl === 'string' && isObject(resource) ? [[fullUrl, resource] as const] : [],
    ),
  );
}

const add = (issues: Issue[], code: Issue['code'], expression: string, words: string): void =>
  void issues.push({ severity: 'error', code, expression, words });
