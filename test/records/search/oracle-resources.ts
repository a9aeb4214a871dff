import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { searchParameters } from '../../../src/records/search/search-parameters.js';
import { STORED_TYPES } from '../../../src/records/served-types.js';
import { hasErrors } from '../../../src/records/validation/issue.js';
import { validateResource } from '../../../src/records/validation/validate-resource.js';
import type { Resource } from './oracle-query.js';
import { syntheticResources } from './oracle-synthesis.js';
import { valuesOf } from './oracle-values.js';

const SHARED = new URL('../../../../../shared/fhir/valid/', import.meta.url);
/** R4's own examples (hl7.fhir.r4.examples 4.0.1), where `npm run outside-clients` has fetched them. */
const EXAMPLES = new URL('../../../../.cache/r4-examples-4.0.1/', import.meta.url);

/** Of a type's examples as many are looked at, none of them larger, and as many taken. */
const [MOST_READ, MOST_BYTES, MOST_TAKEN] = [150, 60_000, 25];
/** A parameter has enough of examples that it is found by. */
const ENOUGH = 4;

export interface Source {
  readonly name: string;
  readonly resources: readonly Resource[];
}

/** What the comparison runs over: real resources where they are there, and always those made for it. */
export function sources(): Source[] {
  return [
    { name: '../shared', resources: numbered('shared', sharedOnes()) },
    { name: "R4's examples", resources: numbered('example', existsSync(EXAMPLES) ? STORED_TYPES.flatMap(examplesOf) : []) },
    { name: 'synthetic', resources: STORED_TYPES.flatMap(syntheticResources) },
  ];
}

const numbered = (name: string, resources: readonly Resource[]): Resource[] =>
  resources.map((resource, i) => ({ ...resource, id: `${name}-${i}` }));

const read = (name: string, folder: URL): Resource => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Resource;

function sharedOnes(): Resource[] {
  if (!existsSync(SHARED)) return [];
  // Two are made to break the profile that they declare: they are refused.
  const kept = readdirSync(SHARED).filter((name) => !name.endsWith('-f1-fail.json'));
  return kept.map((name) => read(name, SHARED)).filter(({ resourceType }) => STORED_TYPES.includes(resourceType));
}

/** Few that each are found by what the others are not: the one that adds most, again and again. */
function examplesOf(type: string): Resource[] {
  const names = readdirSync(EXAMPLES).filter((name) => name.startsWith(`${type}-`) && name.endsWith('.json'));
  const step = Math.max(1, Math.floor(names.length / MOST_READ));
  let left = names
    .filter((name, i) => i % step === 0 && statSync(new URL(name, EXAMPLES)).size <= MOST_BYTES)
    .map((name) => read(name, EXAMPLES))
    .filter((resource) => !hasErrors(validateResource(resource))) // some break R4 themselves
    .map((resource) => ({ resource, found: foundBy(resource) }));
  const counts = new Map<string, number>();
  const taken: Resource[] = [];
  const gain = (found: readonly string[]): number => found.filter((name) => (counts.get(name) ?? 0) < ENOUGH).length;
  while (taken.length < MOST_TAKEN && left.length > 0) {
    const best = left.reduce((most, one) => (gain(one.found) > gain(most.found) ? one : most));
    if (gain(best.found) === 0) break;
    for (const name of best.found) counts.set(name, (counts.get(name) ?? 0) + 1);
    taken.push(best.resource);
    left = left.filter((one) => one !== best);
  }
  return taken;
}

const foundBy = (resource: Resource): string[] =>
  [...searchParameters(resource.resourceType).values()].filter((one) => valuesOf(one, resource).length > 0).map(({ name }) => name);
