import { theResource } from './element-path.js';
import { addRows, noRows } from './index-rows.js';
import { searchParameters, type SearchParameter } from './search-parameters.js';
import { timelinePlace, type Indexed } from './timeline.js';

/** Everything that a resource is found by (R4 search.html): the same row once. */
export function indexRows(resource: { readonly resourceType: string }): Indexed {
  const rows = noRows();
  const from = theResource(resource);
  for (const parameter of searchParameters(resource.resourceType).values()) if (!isUnion(parameter)) addRows(rows, parameter, from);
  return {
    tokens: unique(rows.tokens),
    references: unique(rows.references),
    dates: unique(rows.dates),
    strings: unique(rows.strings),
    quantities: unique(rows.quantities),
    place: timelinePlace(resource.resourceType, rows),
  };
}

const isUnion = ({ numbers, searched }: SearchParameter): boolean => searched.every((one) => one.numbers !== numbers);

function unique<T extends object>(rows: readonly T[]): T[] {
  if (rows.length < 2) return [...rows];
  return [...new Map(rows.map((row) => [Object.values(row).join('\n'), row])).values()];
}
