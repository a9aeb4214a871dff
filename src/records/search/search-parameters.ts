import { createHash } from 'node:crypto';
import { isServed, SERVED_TYPES, type ServedType } from '../served-types.js';
import { elementPath, type ElementPath } from './element-path.js';
import given from './search-parameters.json' with { type: 'json' };

export type SearchType = 'composite' | 'date' | 'number' | 'quantity' | 'reference' | 'special' | 'string' | 'token' | 'uri';

/** One search parameter of one type (R4 searchparameter-registry.html). */
export interface SearchParameter {
  readonly resourceType: string;
  readonly name: string;
  readonly type: SearchType;
  /** FHIRPath, each part of a union by itself. */
  readonly expressions: readonly string[];
  readonly paths: readonly ElementPath[];
  /** Types that a reference may be of; empty: any. */
  readonly targets: readonly string[];
  readonly components: readonly Component[];
}

/** A part of a composite parameter: how it is compared, and where it is found below the whole. */
export interface Component {
  readonly parameter: SearchParameter;
  readonly paths: readonly ElementPath[];
}

type Written = readonly [
  type: string,
  expressions: readonly string[],
  targets: readonly string[],
  components: readonly (readonly string[])[],
];
const WRITTEN = given as unknown as {
  readonly parameters: Readonly<Record<string, Readonly<Record<string, Written>>>>;
  readonly patientCompartment: Readonly<Record<string, readonly string[]>>;
};

/**
 * What R4 lacks and IHE RAD IMR asks of whoever answers RAD-143 (Imaging Diagnostic Report, Find Reports): a report by its
 * study, and `basedOn` beside R4's own `based-on`.
 */
const OWN: Readonly<Record<string, Readonly<Record<string, Written>>>> = {
  DiagnosticReport: {
    imagingStudy: ['reference', ['DiagnosticReport.imagingStudy'], ['ImagingStudy'], []],
    basedOn: ['reference', ['DiagnosticReport.basedOn'], ['ServiceRequest'], []],
  },
};
/** `near` asks for distances on the globe: of no use to a report, and not answered. */
const NOT_ANSWERED: ReadonlySet<SearchType> = new Set(['special']);

const byType = new Map<string, ReadonlyMap<string, SearchParameter>>();

/** The parameters of a type, by name, those that every type has among them. Made when they are first asked for. */
export function searchParameters(type: string): ReadonlyMap<string, SearchParameter> {
  const known = byType.get(type);
  if (known !== undefined) return known;
  const made = new Map<string, SearchParameter>();
  if (isServed(type))
    for (const all of [WRITTEN.parameters['Resource'], WRITTEN.parameters[type], OWN[type] ?? {}])
      for (const [name, written] of Object.entries(all)) {
        const parameter = parameterOf(type, name, written, made);
        if (!NOT_ANSWERED.has(parameter.type)) made.set(name, parameter);
      }
  byType.set(type, made);
  return made;
}

/** A composite's parts come to be known after it by name (`code` < `code-value-concept`), as the file is sorted; others are made here. */
function parameterOf(resourceType: string, name: string, written: Written, made: ReadonlyMap<string, SearchParameter>): SearchParameter {
  const [type, expressions, targets, components] = written;
  return {
    resourceType,
    name,
    type: type as SearchType,
    expressions,
    paths: expressions.map(elementPath),
    targets,
    components: components.map(([part, expression]) => ({
      parameter: made.get(part) ?? parameterOf(resourceType, part, WRITTEN.parameters[resourceType][part], made),
      paths: expression.split(' | ').map(elementPath),
    })),
  };
}

/** The parameters that put a resource of this type in a patient's compartment (R4 compartmentdefinition-patient.html). */
export const patientCompartment = (type: string): readonly string[] => WRITTEN.patientCompartment[type] ?? [];

/**
 * What rows of the index know a parameter by: the first 32 bits of the SHA-256 of its name, signed, so that it is the same in
 * every version of the server. That no two are alike is tested.
 */
export function parameterNumber(type: string, name: string): number {
  const key = `${type}:${name}`;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const made = createHash('sha256').update(key).digest().readInt32BE();
  if (numbers.size < MOST_NUMBERS) numbers.set(key, made);
  return made;
}

const numbers = new Map<string, number>();
/** Some hundred parameters with their few sub-indexes; the bound is for names that only a caller makes up. */
const MOST_NUMBERS = 10_000;

/** Every parameter of every type. */
export const everyParameter = (): readonly SearchParameter[] =>
  SERVED_TYPES.flatMap((type: ServedType) => [...searchParameters(type).values()]);
