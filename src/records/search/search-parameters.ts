import { createHash } from 'node:crypto';
import { isServed } from '../served-types.js';
import { elementPath, type ElementPath } from './element-path.js';
import { OWN_SEARCH_PARAMETERS } from './own-search-parameters.js';
import given from './search-parameters.json' with { type: 'json' };

export type SearchType = 'composite' | 'date' | 'number' | 'quantity' | 'reference' | 'special' | 'string' | 'token' | 'uri';

/** One search parameter of one type (R4 searchparameter-registry.html). */
export interface SearchParameter {
  readonly resourceType: string;
  readonly name: string;
  readonly type: SearchType;
  /** Canonical of its definition. */
  readonly definition: string;
  /** FHIRPath, each part of a union by itself. */
  readonly expressions: readonly string[];
  readonly paths: readonly ElementPath[];
  /** Where its paths begin, if not at the resource: places that a composite parameter tells apart. */
  readonly places?: string;
  /** Types that a reference may be of; empty: any. */
  readonly targets: readonly string[];
  readonly components: readonly Component[];
  /** What rows of the index know it by. */
  readonly numbers: ParameterNumbers;
  /** The parameters whose rows answer it: itself, or those that it is the union of. */
  readonly searched: readonly Pick<SearchParameter, 'numbers' | 'components'>[];
}

/** Numbers of a parameter, and of what its modifiers look at. */
export interface ParameterNumbers {
  readonly own: number;
  readonly text: number;
  readonly identifier: number;
  readonly ofType: number;
}

/** A part of a composite parameter: how it is compared, and where it is found below the whole. */
export interface Component {
  readonly parameter: SearchParameter;
  readonly numbers: ParameterNumbers;
  readonly paths: readonly ElementPath[];
  /** The rows of a parameter answer it; it has none of its own. */
  readonly isShared?: boolean;
}

type Written = readonly [
  type: string,
  expressions: readonly string[],
  targets: readonly string[],
  components: readonly (readonly string[])[],
  /** Id of the definition, where it is not TYPE-NAME; or the canonical of one that is not R4's. */
  definition?: string,
];
const WRITTEN = given as unknown as {
  readonly parameters: Readonly<Record<string, Readonly<Record<string, Written>>>>;
  readonly compartments: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

const ownOf = (type: string): [name: string, written: Written][] =>
  OWN_SEARCH_PARAMETERS.filter(({ base }) => base === type).map(({ name, expression, targets, url }) => [
    name,
    ['reference', [expression], targets, [], url],
  ]);
/** Parameters that are two others in one: what those are found by answers them, so that no row is there twice. */
const UNIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Observation: {
    'combo-code': ['code', 'component-code'],
    'combo-data-absent-reason': ['data-absent-reason', 'component-data-absent-reason'],
    'combo-value-concept': ['value-concept', 'component-value-concept'],
    'combo-value-quantity': ['value-quantity', 'component-value-quantity'],
    'combo-code-value-concept': ['code-value-concept', 'component-code-value-concept'],
    'combo-code-value-quantity': ['code-value-quantity', 'component-code-value-quantity'],
  },
};
/** `near` asks for distances on the globe: of no use to a report, and not answered. */
const NOT_ANSWERED: ReadonlySet<string> = new Set(['special']);

const byType = new Map<string, ReadonlyMap<string, SearchParameter>>();

/** The parameters of a type, by name, those that every type has among them. Made when they are first asked for. */
export function searchParameters(type: string): ReadonlyMap<string, SearchParameter> {
  const known = byType.get(type);
  if (known !== undefined) return known;
  const made = new Map<string, SearchParameter>();
  if (isServed(type)) {
    const all = Object.entries({ ...WRITTEN.parameters['Resource'], ...WRITTEN.parameters[type] });
    for (const [name, written] of [...all, ...ownOf(type)])
      if (!NOT_ANSWERED.has(written[0])) made.set(name, parameterOf(type, name, written));
    for (const { name, expressions, components } of made.values())
      if (components.length > 0) share(made, name, expressions, WRITTEN.parameters[type][name][3]);
    for (const [name, parts] of Object.entries(UNIONS[type] ?? {})) {
      const searched = parts.flatMap((part) => made.get(part) ?? []);
      made.set(name, { ...(made.get(name) as SearchParameter), searched });
    }
  }
  byType.set(type, made);
  return made;
}

/**
 * Lets a composite parameter be answered by the rows of the parameters that its components are, where those look at the same, so
 * that no row is there twice.
 */
function share(made: Map<string, SearchParameter>, name: string, [place, ...others]: readonly string[], written: Written[3]): void {
  if (others.length > 0) return;
  const composite = made.get(name) as SearchParameter;
  const components = composite.components.map((component, i): Component => {
    const [part, expression] = written[i];
    const plain = made.get(part);
    const within = expression.split(' | ');
    const same = within.map((one) => `${place}.${one}`);
    if (plain === undefined || !isSame(plain.expressions.filter(isIndexed), same)) return component;
    if (place.includes('.'))
      made.set(part, {
        ...plain,
        places: place,
        paths: plain.expressions.map((one) => elementPath(one.slice(place.length + 1))),
      });
    return { ...component, numbers: plain.numbers, isShared: true };
  });
  made.set(name, { ...composite, components, searched: [{ numbers: composite.numbers, components }] });
}

const isSame = (some: readonly string[], others: readonly string[]): boolean => some.toSorted().join() === others.toSorted().join();

/** Of a series of samples there is nothing to be found by. */
const isIndexed = (expression: string): boolean => !expression.endsWith('.ofType(SampledData)');

function parameterOf(resourceType: string, name: string, written: Written): SearchParameter {
  const [type, expressions, targets, given, definition = `${resourceType}-${name}`] = written;
  const numbers = numbersOf(resourceType, name);
  const components = given.map(([part, expression], n) => ({
    parameter: parameterOf(resourceType, part, WRITTEN.parameters[resourceType][part]),
    numbers: numbersOf(resourceType, `${name}$${n}`),
    paths: expression.split(' | ').map(elementPath),
  }));
  const paths = expressions.map(elementPath);
  return {
    resourceType,
    name,
    type: type as SearchType,
    definition: definition.includes(':') ? definition : `http://hl7.org/fhir/SearchParameter/${definition}`,
    expressions,
    paths,
    targets,
    components,
    numbers,
    searched: [{ numbers, components }],
  };
}

/** The types that have compartments here (R4 compartmentdefinition.html). */
export const COMPARTMENTS: ReadonlySet<string> = new Set(Object.keys(WRITTEN.compartments));

/** R4 has Tasks in nobody's compartment, R5 in the patient's: who asks for all that is known of a patient wants them. */
const TASKS_OF_PATIENTS = ['patient', 'focus'];

/** The parameters that put a resource of a type in the compartment of another (R4 compartmentdefinition.html). */
export const compartmentParameters = (compartment: string, type: string): readonly string[] =>
  WRITTEN.compartments[compartment]?.[type] ?? (compartment === 'Patient' && type === 'Task' ? TASKS_OF_PATIENTS : []);

/**
 * What rows of the index know a parameter by: the first 32 bits of the SHA-256 of its name, signed, so that it is the same in
 * every version of the server. That no two are alike is tested.
 */
const numberOf = (key: string): number => createHash('sha256').update(key).digest().readInt32BE();

function numbersOf(type: string, name: string): ParameterNumbers {
  const own = `${type}:${name}`;
  return {
    own: numberOf(own),
    text: numberOf(`${own}:text`),
    identifier: numberOf(`${own}:identifier`),
    ofType: numberOf(`${own}:of-type`),
  };
}
