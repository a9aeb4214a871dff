import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import type { SearchParameter } from '../../../src/records/search/search-parameters.js';
import { partsOf, type Resource, type Values } from './oracle-query.js';

type Evaluate = (from: object) => unknown[];
const compiled = new Map<string, Evaluate>();

/** `base`: the element that the expression begins at, if not at a resource. */
function evaluate(expression: string, from: object, base?: string): unknown[] {
  const key = `${base ?? ''} ${expression}`;
  const known = compiled.get(key) ?? (fhirpath.compile(base === undefined ? expression : { base, expression }, r4) as Evaluate);
  compiled.set(key, known);
  return known(from);
}

/** Nothing is fetched: a reference's target is told by its address, or else by the type that it names. */
const unresolved = (expression: string): string =>
  expression.replace(
    /\.where\(resolve\(\) is (\w+)\)/g,
    (_, type: string) =>
      `.where(iif(reference.matches('${address('[A-Z][A-Za-z]+')}'), reference.matches('${address(type)}'), type = '${type}'))`,
  );
const address = (type: string): string => `(^|/)${type}/[A-Za-z0-9.-]+(/_history/.*)?$`;

/** What HL7's FHIRPath says that a parameter looks at: values; of a composite places, each the values of its parts. */
export function valuesOf(parameter: SearchParameter, resource: Resource): Values {
  const { expressions, type } = parameter;
  if (type === 'composite') return placesOf(parameter, resource);
  return expressions.flatMap((one) => evaluate(unresolved(one), resource));
}

function placesOf(parameter: SearchParameter, resource: Resource): (readonly Values[])[] {
  const parts = partsOf(parameter);
  return parameter.expressions
    .flatMap((whole) => {
      const base = whole.includes('.') ? whole : undefined;
      return evaluate(whole, resource).map((place) => parts.map(([, within]) => evaluate(within, place as object, base)));
    })
    .filter((place) => place.every(({ length }) => length > 0));
}
