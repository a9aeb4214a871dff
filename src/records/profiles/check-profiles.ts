import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import type { Issue } from '../validation/issue.js';
import { isObject, objectsOf, type JsonObject } from '../validation/json-object.js';
import { referredType } from '../validation/references.js';
import { knownProfile } from './known-profiles.js';
import type { Profile, ProfileRule } from './profile.js';

/**
 * What of the profiles that a resource declares itself (R4 resource.html#profile) it does not hold; of a Bundle's resources too.
 * One that is not known here is a warning: nothing was looked at.
 * @param resource  that is valid R4
 */
export function declaredIssues(resource: JsonObject, place = String(resource['resourceType'])): Issue[] {
  const { profile = [] } = (isObject(resource['meta']) ? resource['meta'] : {}) as { profile?: readonly string[] };
  const own = [...new Set(profile)].slice(0, MOST_PROFILES).flatMap((canonical): Issue[] => {
    const known = knownProfile(canonical);
    if (known === undefined)
      return [
        { severity: 'warning', code: 'not-supported', expression: `${place}.meta.profile[${profile.indexOf(canonical)}]`, words: UNKNOWN },
      ];
    return profileIssues(resource, known, place);
  });
  const within = objectsOf(resource['entry']).flatMap(({ resource: inner }, i) =>
    isObject(inner) ? declaredIssues(inner, `${place}.entry[${i}].resource`) : [],
  );
  return [...own, ...within];
}

/** More are not looked at. */
const MOST_PROFILES = 20;
const UNKNOWN = 'names a profile that is not known here: nothing was checked by it';

/** What of a profile a resource does not hold. @param place  FHIRPath of the resource, as an outcome names it */
export function profileIssues(resource: JsonObject, profile: Profile, place = profile.type): Issue[] {
  if (resource['resourceType'] !== profile.type)
    return [{ severity: 'error', code: 'invalid', expression: place, words: `must be a ${profile.type} (${profile.name})` }];
  return profile.rules.flatMap((rule) =>
    brokenAt(resource, rule).map((path): Issue => ({
      severity: 'error',
      code: 'invariant',
      expression: [place, path, rule.names].filter((part) => part !== '' && part !== undefined).join('.'),
      words: `${rule.words} (${profile.name}${rule.key === undefined ? '' : ` ${rule.key}`})`,
    })),
  );
}

/** The places where a rule does not hold; the empty path is the resource itself. */
function brokenAt(resource: JsonObject, rule: ProfileRule): string[] {
  const { refersTo } = rule;
  if (refersTo !== undefined)
    return placesOf(resource, rule.at)
      .filter(({ value }) => !mayRefer(value, refersTo, resource))
      .map(({ path }) => path);
  const held = evaluate(resource, rule);
  if (rule.at === '') return held.at(0) === true ? [] : [''];
  if (held.every((one) => one === true)) return [];
  const places = placesOf(resource, rule.at);
  return places.length === held.length ? places.filter((_, i) => held[i] !== true).map(({ path }) => path) : [rule.at];
}

const compiled = new WeakMap<ProfileRule, (resource: JsonObject) => unknown[]>();

/** For each element at the rule's place whether it holds. */
function evaluate(resource: JsonObject, rule: ProfileRule): unknown[] {
  let run = compiled.get(rule);
  if (run === undefined) {
    const { at, test = 'true' } = rule;
    const expression = at === '' ? `iif(${test}, true, false)` : `${at}.select(iif(${test}, true, false))`;
    run = fhirpath.compile(expression, r4, { traceFn: () => undefined }) as (resource: JsonObject) => unknown[];
    compiled.set(rule, run);
  }
  return run(resource);
}

interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** The elements at a place, each with its path and index; of a choice by whichever type it has. */
function placesOf(resource: JsonObject, at: string): Place[] {
  return at.split('.').reduce<Place[]>(
    (above, name) =>
      above.flatMap(({ path, value }) => {
        if (!isObject(value)) return [];
        const isChoice = (key: string): boolean => key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length));
        const written = Object.hasOwn(value, name) ? name : Object.keys(value).find(isChoice);
        const found = written === undefined ? undefined : value[written];
        const here = path === '' ? name : `${path}.${name}`;
        if (Array.isArray(found)) return found.map((one: unknown, i) => ({ path: `${here}[${i}]`, value: one }));
        return found === undefined ? [] : [{ path: here, value: found }];
      }),
    [{ path: '', value: resource }],
  );
}

/** Of a reference whose type can't be told nobody can say that it is wrong. */
function mayRefer(value: unknown, types: readonly string[], resource: JsonObject): boolean {
  if (!isObject(value)) return true;
  const type = referredType(value, { contained: objectsOf(resource['contained']), byFullUrl: new Map() });
  return type === undefined || types.includes(type);
}
