import { theResource } from './element-path.js';
import { addRows, noRows, type IndexRows } from './index-rows.js';
import { searchParameters, type SearchParameter } from './search-parameters.js';

/** Everything that a resource is found by (R4 search.html): the same row once. */
export function indexRows(resource: { readonly resourceType: string }): IndexRows {
  const rows = noRows();
  const from = theResource(resource);
  for (const parameter of searchParameters(resource.resourceType).values()) if (!isUnion(parameter)) addRows(rows, parameter, from);
  return {
    tokens: unique(rows.tokens),
    references: unique(rows.references),
    dates: unique(rows.dates),
    strings: unique(rows.strings),
    quantities: unique(rows.quantities),
  };
}

const isUnion = ({ numbers, searched }: SearchParameter): boolean => searched.every((one) => one.numbers !== numbers);

function unique<T extends object>(rows: readonly T[]): T[] {
  if (rows.length < 2) return [...rows];
  return [...new Map(rows.map((row) => [Object.values(row).join('\n'), row])).values()];
}
