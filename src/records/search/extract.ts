import { theResource } from './element-path.js';
import { addRows, noRows, type IndexRows } from './index-rows.js';
import { searchParameters } from './search-parameters.js';

/** Raised whenever other rows are made of the same resources: what was indexed by an older form is indexed again at the start. */
export const INDEX_FORM = 1;

/** Everything that a resource is found by (R4 search.html): the same row once. */
export function indexRows(resource: { readonly resourceType: string }): IndexRows {
  const rows = noRows();
  const from = theResource(resource);
  for (const parameter of searchParameters(resource.resourceType).values()) addRows(rows, parameter, from);
  return {
    tokens: unique(rows.tokens),
    references: unique(rows.references),
    dates: unique(rows.dates),
    strings: unique(rows.strings),
    quantities: unique(rows.quantities),
  };
}

function unique<T extends object>(rows: readonly T[]): T[] {
  if (rows.length < 2) return [...rows];
  return [...new Map(rows.map((row) => [Object.values(row).join('\n'), row])).values()];
}
