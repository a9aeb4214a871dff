import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { searchParameters, type SearchParameter } from '../../../src/records/search/search-parameters.js';
import { queriesOf, type Resource } from './oracle.js';
import type { Query, Values } from './oracle-query.js';
import { writtenComposites } from './synthetic.js';

/** What the parts of a composite parameter find at one of its places. */
type Place = readonly Values[];

/** Queries of each part that are combined with those of the other. */
const MOST_OF_A_PART = 5;

/** The places of a composite parameter in a resource, by HL7's FHIRPath: each part is evaluated there and nowhere else. */
export function placesOf({ resourceType, name }: SearchParameter, resource: Resource): Place[] {
  const [, expressions, , components] = writtenOf(resourceType, name);
  return expressions.flatMap((base) =>
    (evaluate(base, resource) as object[]).map((place) =>
      components.map(([, part]) => part.split(' | ').flatMap((expression) => evaluate({ base, expression }, place))),
    ),
  );
}

const writtenOf = (type: string, name: string) => {
  const found = writtenComposites(type).find(([one]) => one === name);
  if (found === undefined) throw new Error(`no composite parameter: ${type}.${name}`);
  return found[1];
};

const compiled = new Map<string, (value: object) => unknown[]>();
function evaluate(path: string | { base: string; expression: string }, value: object): unknown[] {
  const key = JSON.stringify(path);
  const run = compiled.get(key) ?? (fhirpath.compile(path, r4) as (value: object) => unknown[]);
  compiled.set(key, run);
  return run(value);
}

/** A query of a composite parameter, and which resources it should find by their places. */
export interface CompositeQuery {
  readonly name: string;
  readonly value: string;
  readonly matches: (places: readonly Place[]) => boolean;
}

/**
 * Each value of one part with each of the other, from one place and from different ones: only what stands at one place together is
 * found (R4 search.html#composite).
 */
export function compositeQueries(parameter: SearchParameter, places: readonly Place[]): CompositeQuery[] {
  const { resourceType, name } = parameter;
  const components = writtenOf(resourceType, name)[3];
  const own = components.map(([part], n) =>
    partQueries(
      resourceType,
      part,
      places.flatMap((place) => place[n]),
    ),
  );
  const [first, second] = own;
  return first.flatMap((a) =>
    second.map((b) => ({
      name,
      value: `${a.value}$${b.value}`,
      matches: (found: readonly Place[]) => found.some(([one, other]) => a.matches(one) && b.matches(other)),
    })),
  );
}

/** Of each kind of question some; a part has no modifiers. */
function partQueries(type: string, part: string, values: Values): Query[] {
  const parameter = searchParameters(type).get(part);
  if (parameter === undefined) throw new Error(`no parameter: ${type}.${part}`);
  const plain = queriesOf({ ...parameter, expressions: [] }, values).filter((one) => one.name === part);
  const kinds = new Map<string, Query[]>();
  for (const query of plain) {
    const kind = /^(?:ne|lt|gt|le|ge|sa|eb|ap)?(?=[\d-])/.exec(query.value)?.[0] ?? '';
    const known = kinds.get(kind) ?? [];
    if (known.length < MOST_OF_A_PART) kinds.set(kind, [...known, query]);
  }
  return [...kinds.values()].flat();
}
